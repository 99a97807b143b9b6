/**
 * The delivery log, seen from outside: what a delivery is, how it is appended, how a subscription
 * gets its deliveries, and how what happened can be looked up afterwards.
 *
 * <p>Nothing here knows HTTP, Camel or SQL. An engine (see {@code dev.caravan.log.sqlite})
 * implements {@link dev.caravan.log.DeliveryLog} and {@link dev.caravan.log.DeliveryHistory}.
 */
@NullMarked
package dev.caravan.log;

import org.jspecify.annotations.NullMarked;

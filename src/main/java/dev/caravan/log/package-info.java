/**
 * The delivery log, seen from outside: what it is asked to do ({@link
 * dev.caravan.log.DeliveryLog}), what it can be asked about ({@link
 * dev.caravan.log.DeliveryHistory}, {@link dev.caravan.log.LogFigures}), and how it is set up
 * ({@link dev.caravan.log.LogOptions}).
 *
 * <p>Nothing here knows HTTP, Camel or SQL. An engine (see {@code dev.caravan.log.sqlite})
 * implements {@link dev.caravan.log.LogEngine}. Subscriptions, the past and the figures have
 * packages of their own below this one.
 */
@NullMarked
package dev.caravan.log;

import org.jspecify.annotations.NullMarked;

/**
 * Deliveries, their GUIDs, attempts, what is due and dead letters, in SQL: what an engine with
 * tables writes and reads. Start reading with {@link dev.caravan.log.tables.DeliveryReader} and
 * {@link dev.caravan.log.tables.SubscriptionTable}.
 */
@NullMarked
package dev.caravan.log.tables;

import org.jspecify.annotations.NullMarked;

/**
 * What the embedded engine writes in its tables: deliveries and their bodies, subscriptions, what
 * is due and what they have completed. Belongs to the writer's connection and thread. Start reading
 * with {@link dev.caravan.log.sqlite.tables.DeliveryTable} and {@link
 * dev.caravan.log.sqlite.tables.SubscriptionTable}.
 */
@NullMarked
package dev.caravan.log.sqlite.tables;

import org.jspecify.annotations.NullMarked;

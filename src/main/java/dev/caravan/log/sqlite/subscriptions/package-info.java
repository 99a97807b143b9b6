/**
 * What subscriptions need from the embedded log: where they begin, what they read when they are
 * behind, and what is stored about them. Start reading with {@link
 * dev.caravan.log.sqlite.subscriptions.SubscriptionStarts}.
 */
@NullMarked
package dev.caravan.log.sqlite.subscriptions;

import org.jspecify.annotations.NullMarked;

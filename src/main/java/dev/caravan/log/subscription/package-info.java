/**
 * A subscription: which deliveries it wants, how they are to be run and retried ({@link
 * dev.caravan.log.subscription.SubscriptionSettings}), and what is said of each attempt ({@link
 * dev.caravan.log.subscription.Attempt}).
 */
@NullMarked
package dev.caravan.log.subscription;

import org.jspecify.annotations.NullMarked;

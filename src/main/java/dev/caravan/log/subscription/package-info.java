/**
 * A subscription: which deliveries it wants, how they are run and retried ({@link
 * dev.caravan.log.subscription.SubscriptionSettings}), and what is reported of each attempt ({@link
 * dev.caravan.log.subscription.Attempt}).
 */
@NullMarked
package dev.caravan.log.subscription;

import org.jspecify.annotations.NullMarked;

/**
 * One running subscription: which of its deliveries runs when, and what is to be remembered of it.
 *
 * <p>Neutral of any engine: no SQL, no file, and no clock but {@link
 * dev.caravan.log.dispatch.Timing}. An engine says what it has appended, read and written to a
 * {@link dev.caravan.log.dispatch.RunningSubscription}, and gives it what it needs as a {@link
 * dev.caravan.log.dispatch.SubscriptionStore}. Start reading with {@link
 * dev.caravan.log.dispatch.Dispatcher}.
 */
@NullMarked
package dev.caravan.log.dispatch;

import org.jspecify.annotations.NullMarked;

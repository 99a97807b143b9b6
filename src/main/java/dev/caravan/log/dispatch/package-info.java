/**
 * What an engine and a running subscription say to each other. The subscription itself, which
 * decides what runs when and what must be remembered, is in the packages below.
 *
 * <p>Independent of any engine: no SQL, no file, and no clock but {@link
 * dev.caravan.log.dispatch.Timing}. An engine tells a {@link
 * dev.caravan.log.dispatch.RunningSubscription} what it has appended, read and written, and gives
 * it what it needs as a {@link dev.caravan.log.dispatch.SubscriptionStore}. Start reading with
 * these two, then with {@code running}.
 */
@NullMarked
package dev.caravan.log.dispatch;

import org.jspecify.annotations.NullMarked;

package dev.caravan.log.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that a subscription is to run, as much of it as scheduling needs.
 *
 * @param lane what it may not overtake, or null when nothing holds it
 * @param length bytes of its body
 * @param attempts how often it has failed
 * @param due whether it comes from the {@code due} table rather than from the cursor
 */
record InFlightDelivery(
    long position, @Nullable String lane, int length, int attempts, boolean due) {}

package dev.caravan.log.figures;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that became a dead letter since the log was opened.
 *
 * @param number its number within its subscription, from 1
 * @param position null for all that expired at once, the last of which has this number
 * @param error the last error's sentence
 */
public record GivenUp(long number, @Nullable String position, String error) {}

package dev.caravan.log.figures;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that became a dead letter since the log was opened.
 *
 * @param number its number within its subscription, from 1
 * @param position null for all that retention took at once, of which {@code number} is the last
 * @param error the last error's sentence
 */
public record GivenUp(long number, @Nullable String position, String error) {}

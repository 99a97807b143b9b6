package dev.caravan.log.history;

import java.time.Instant;

/**
 * Dead letters of one subscription whose errors differ in nothing but numbers.
 *
 * @param error what they have in common, each number as {@code #}
 * @param example the error of the newest
 * @param count how many there are
 * @param oldest when the first of them was given up
 * @param newest when the last of them was given up
 */
public record DeadLetterGroup(
    String subscription,
    String error,
    String example,
    long count,
    Instant oldest,
    Instant newest) {}

package dev.caravan.log;

/**
 * A delivery that became a dead letter since the log was opened.
 *
 * @param number which one of its subscription, from 1
 * @param error the last error's sentence
 */
public record GivenUp(long number, String position, String error) {}

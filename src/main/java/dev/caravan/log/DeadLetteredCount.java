package dev.caravan.log;

/**
 * How many deliveries became dead letters for one kind of reason since the log was opened.
 *
 * @param error of which kind their errors are, in a word or two
 */
public record DeadLetteredCount(String subscription, String error, long count) {}

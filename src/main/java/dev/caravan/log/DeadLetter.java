package dev.caravan.log;

import java.time.Instant;

/**
 * A delivery that a subscription has given up on, kept until it is replayed or grows too old.
 *
 * @param attempts how often it was tried
 * @param error the last error's sentence
 */
public record DeadLetter(
    String subscription, String guid, String position, int attempts, Instant since, String error) {}

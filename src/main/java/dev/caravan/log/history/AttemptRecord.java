package dev.caravan.log.history;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The result of one attempt.
 *
 * @param number from 1; 0 where a newer delivery of the lane was run instead of this one
 * @param error the error's sentence, or null when the attempt succeeded
 */
public record AttemptRecord(
    String subscription, int number, Instant startedAt, Duration took, @Nullable String error) {}

package dev.caravan.log.postgres.retention;

import org.jspecify.annotations.Nullable;

/**
 * A delivery whose body may be deleted.
 *
 * @param receivedAt in milliseconds since 1970; when it came back, if it did
 * @param runs whether subscriptions run it; they do not run a repeat that differs from the first
 * @param bytes its size as stored; 0 when not asked for
 */
record GoingBody(
    long position,
    long receivedAt,
    int shard,
    int kind,
    @Nullable String repository,
    boolean runs,
    long bytes) {}

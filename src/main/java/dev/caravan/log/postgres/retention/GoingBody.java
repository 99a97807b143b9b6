package dev.caravan.log.postgres.retention;

import org.jspecify.annotations.Nullable;

/**
 * A delivery whose body may be deleted.
 *
 * @param receivedAt in milliseconds since 1970; of a body that came back, when it did
 * @param runs whether subscriptions run it: it is not a repeat that differs from the first
 * @param bytes of it as it is stored; 0 where that is not asked
 */
record GoingBody(
    long position,
    long receivedAt,
    int shard,
    int kind,
    @Nullable String repository,
    boolean runs,
    long bytes) {}

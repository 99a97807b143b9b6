package dev.caravan.log.replay;

/**
 * What a replay has made due.
 *
 * @param dueAt as it was written, in milliseconds since 1970
 * @param wasDead whether it was a dead letter before that
 */
public record ScheduledRow(ReplayTarget target, long position, long dueAt, boolean wasDead) {}

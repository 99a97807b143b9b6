package dev.caravan.log.postgres.shards;

import java.util.Map;

/**
 * The progress of a subscription, by shard.
 *
 * @param subscription the number of its row
 */
public record ShardCursors(
    long subscription, String name, boolean paused, Map<Integer, ShardCursor> of) {
  /** Whether a delivery has yet to run for the first time, if it is wanted. */
  public boolean isAhead(long position, int shard) {
    ShardCursor cursor = of.get(shard);
    return cursor != null && cursor.isAhead(position);
  }
}

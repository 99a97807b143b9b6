package dev.caravan.log.postgres;

import java.util.Map;

/**
 * How far a subscription is, by shard.
 *
 * @param subscription the number of its row
 */
record ShardCursors(long subscription, String name, boolean paused, Map<Integer, ShardCursor> of) {
  /** Whether a delivery is still to run for the first time, if it is wanted. */
  boolean isAhead(long position, int shard) {
    ShardCursor cursor = of.get(shard);
    return cursor != null && cursor.isAhead(position);
  }
}

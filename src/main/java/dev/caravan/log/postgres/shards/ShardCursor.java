package dev.caravan.log.postgres.shards;

import java.util.TreeSet;

/**
 * The progress of a subscription in one shard.
 *
 * @param next everything before it is finished, except for {@code unfinished}
 */
public record ShardCursor(long next, TreeSet<Long> unfinished) {
  /** Whether a delivery of the shard has yet to run for the first time, if it is wanted. */
  boolean isAhead(long position) {
    return position >= next || unfinished.contains(position);
  }

  /** Nothing before this position has yet to run for the first time. */
  public long firstAhead() {
    return unfinished.isEmpty() ? next : Math.min(next, unfinished.first());
  }
}

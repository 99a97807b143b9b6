package dev.caravan.log.postgres;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whose due rows somebody other than their owner has changed: those are told after the commit. */
final class DueChanges {
  private final Map<Long, Set<Integer>> shards = new TreeMap<>();

  /** Is told. */
  @FunctionalInterface
  interface Listener {
    /** The due rows of this shard of a subscription were changed, which is committed. */
    void dueChanged(long subscription, int shard);
  }

  void add(long subscription, int shard) {
    shards.computeIfAbsent(subscription, any -> new TreeSet<>()).add(shard);
  }

  Map<Long, Set<Integer>> shards() {
    return shards;
  }

  void tell(Listener listener) {
    shards.forEach(
        (subscription, of) -> of.forEach(shard -> listener.dueChanged(subscription, shard)));
  }
}

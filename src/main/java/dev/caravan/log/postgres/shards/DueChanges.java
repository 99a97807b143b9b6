package dev.caravan.log.postgres.shards;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shards whose due rows another than the owner has changed: it is told after the commit. */
public final class DueChanges {
  private final Map<Long, Set<Integer>> shards = new TreeMap<>();

  /** Tells the owner. */
  @FunctionalInterface
  public interface Listener {
    /** The due rows of this shard of a subscription were changed, and that is committed. */
    void dueChanged(long subscription, int shard);
  }

  public void add(long subscription, int shard) {
    shards.computeIfAbsent(subscription, any -> new TreeSet<>()).add(shard);
  }

  public Map<Long, Set<Integer>> shards() {
    return shards;
  }

  public void tell(Listener listener) {
    shards.forEach(
        (subscription, of) -> of.forEach(shard -> listener.dueChanged(subscription, shard)));
  }
}

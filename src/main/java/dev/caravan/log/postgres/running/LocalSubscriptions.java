package dev.caravan.log.postgres.running;

import dev.caravan.log.postgres.shards.HeldShard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The subscriptions that run on this node, and those that were closed but have work left. */
public final class LocalSubscriptions implements Iterable<LocalSubscription> {
  private final List<LocalSubscription> all = new CopyOnWriteArrayList<>();

  public void add(LocalSubscription subscription) {
    all.add(subscription);
  }

  public void remove(LocalSubscription subscription) {
    all.remove(subscription);
  }

  /** The one of that name that runs or is ending; null without one. */
  @Nullable
  public LocalSubscription find(String name) {
    for (LocalSubscription each : all) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  /** The numbers of all. */
  public List<Long> ids() {
    return all.stream().map(LocalSubscription::id).toList();
  }

  /** The numbers of those that were not closed. */
  public List<Long> openIds() {
    return all.stream().filter(each -> !each.isClosed()).map(LocalSubscription::id).toList();
  }

  /** The shards that this node holds, of all. */
  public List<HeldShard> held() {
    List<HeldShard> held = new ArrayList<>();
    for (LocalSubscription each : all) {
      each.shards().forEach(held::add);
    }
    return held;
  }

  /** Whether this node runs soon what is appended to a shard that it holds. */
  public boolean keepUp() {
    return held().stream().anyMatch(shard -> shard.dispatcher().keepsUp());
  }

  /** Whether a shard that this node holds has more to run than what has just arrived. */
  public boolean areBehind() {
    return held().stream().anyMatch(shard -> shard.dispatcher().isCatchingUp());
  }

  /** That shard of that subscription; null when this node does not hold it. */
  @Nullable
  public HeldShard held(long subscription, int shard) {
    for (LocalSubscription each : all) {
      if (each.id() == subscription && each.shard(shard) != null) {
        return each.shard(shard);
      }
    }
    return null;
  }

  /** This node does not hold that shard any more. */
  public void drop(HeldShard held) {
    LocalSubscription of =
        all.stream().filter(each -> each.shard(held.shard()) == held).findAny().orElse(null);
    if (of != null) {
      of.drop(held);
      removeIfOver(of);
    }
  }

  /** Forgets those that are closed and of which nothing runs any more. */
  public void removeThoseOver() {
    all.forEach(this::removeIfOver);
  }

  /** Forgets one if it is closed and nothing of it runs any more. */
  public void removeIfOver(LocalSubscription subscription) {
    if (subscription.isClosed() && subscription.isOver()) {
      all.remove(subscription);
    }
  }

  @Override
  public Iterator<LocalSubscription> iterator() {
    return all.iterator();
  }
}

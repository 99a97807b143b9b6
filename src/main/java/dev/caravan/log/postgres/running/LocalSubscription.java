package dev.caravan.log.postgres.running;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.dispatch.running.Dispatchers;
import dev.caravan.log.dispatch.running.SubscriptionParts;
import dev.caravan.log.postgres.shards.HeldShard;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it runs on this node: a dispatcher for each shard that the node holds, all with
 * the same turns. Safe for use by many threads.
 */
public final class LocalSubscription implements Subscription {
  private static final long BETWEEN_LOOKS_MILLIS = 50;

  private volatile long id;
  private final SubscriptionSettings settings;
  private final DeliveryHandler handler;
  private final Dispatchers dispatchers;
  private final SubscriptionCounters counters;
  private final SubscriptionParts parts;
  private final ShardStore store;
  private final Owner owner;
  private final Map<Integer, HeldShard> shards = new ConcurrentHashMap<>();
  private final List<HeldShard> leftOver = new ArrayList<>();
  private boolean paused;
  private long pauseVersion;
  private volatile boolean closed;

  public LocalSubscription(
      long id,
      boolean paused,
      SubscriptionSettings settings,
      DeliveryHandler handler,
      Dispatchers dispatchers,
      SubscriptionCounters counters,
      ShardStore store,
      Owner owner) {
    this.id = id;
    this.paused = paused;
    this.settings = settings;
    this.handler = handler;
    this.dispatchers = dispatchers;
    this.counters = counters;
    this.parts = dispatchers.parts(settings);
    this.store = store;
    this.owner = owner;
  }

  /** Carries out what a subscription cannot do by itself. */
  public interface Owner {
    /** Pauses or resumes it on all nodes. */
    void setPaused(String subscription, boolean paused);

    /** It takes no more deliveries. */
    void closed(LocalSubscription subscription);
  }

  /** Its number in the database. */
  public long id() {
    return id;
  }

  /** The database has another history, in which the subscription has this number and state. */
  public synchronized void beginsAnew(long number, boolean isPaused) {
    id = number;
    pauseVersion = 0;
    paused(isPaused, 0);
  }

  public SubscriptionSettings settings() {
    return settings;
  }

  @Override
  public String name() {
    return settings.name();
  }

  /** The shards that this node holds, including those it is about to release. */
  public Iterable<HeldShard> shards() {
    return shards.values();
  }

  @Nullable HeldShard shard(int number) {
    return shards.get(number);
  }

  /** Those whose deliveries it still hands out. */
  public List<HeldShard> openShards() {
    return shards.values().stream()
        .filter(each -> !each.dispatcher().isClosed())
        .sorted(Comparator.comparingInt(HeldShard::shard))
        .toList();
  }

  /** This node now holds that shard. */
  public synchronized void hold(
      int shard, long node, long epoch, long touched, StoredCursor cursor) {
    RunningSubscription dispatcher =
        dispatchers.begin(
            id, cursor, paused, settings, handler, counters, parts, store.of(id, node));
    shards.put(shard, new HeldShard(id, shard, node, epoch, touched, dispatcher));
    if (closed) {
      dispatcher.close();
    }
    dispatcher.start();
  }

  /** This node does not hold that shard any more. */
  public synchronized void drop(HeldShard held) {
    held.dispatcher().close();
    held.dispatcher().interrupt();
    if (shards.remove(held.shard(), held) && !held.dispatcher().isOver()) {
      leftOver.add(held);
    }
    notifyAll();
  }

  /** Lost shards with attempts still running: this node must not take them again meanwhile. */
  public synchronized List<Integer> busyShards() {
    leftOver.removeIf(each -> each.dispatcher().isOver());
    return leftOver.stream().map(HeldShard::shard).toList();
  }

  /** How many attempts this node may have under way. */
  public void limit(int attempts) {
    parts.turns().limit(attempts);
  }

  /** Takes over the database's state, unless a newer one is known. */
  public synchronized void paused(boolean now, long version) {
    if (version < pauseVersion) {
      return;
    }
    pauseVersion = version;
    if (paused != now) {
      paused = now;
      for (HeldShard each : shards.values()) {
        if (now) {
          each.dispatcher().pause();
        } else {
          each.dispatcher().resume();
        }
      }
    }
  }

  @Override
  public void pause() {
    owner.setPaused(name(), true);
  }

  @Override
  public void resume() {
    owner.setPaused(name(), false);
  }

  @Override
  public SubscriptionStatus status() {
    int running = 0;
    int waiting = 0;
    boolean behind = false;
    for (HeldShard each : shards.values()) {
      SubscriptionStatus status = each.dispatcher().status();
      running += status.running();
      waiting += status.waiting();
      behind |= status.behind();
    }
    synchronized (this) {
      return new SubscriptionStatus(name(), running, waiting, behind, paused);
    }
  }

  /** The newest failed attempt on this node's shards; null without one. */
  @Nullable
  public Outcome lastFailure() {
    return shards.values().stream()
        .map(each -> each.dispatcher().lastFailure())
        .flatMap(failure -> Stream.ofNullable(failure))
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(failure -> failure.startedAt() + failure.took()))
        .orElse(null);
  }

  public boolean isClosed() {
    return closed;
  }

  /** Whether this node holds no shard of it and runs nothing, not even of shards that it lost. */
  synchronized boolean isOver() {
    return shards.isEmpty() && busyShards().isEmpty();
  }

  /** Waits until it is over; false when the time is up. */
  public synchronized boolean awaitEnd(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (!isOver()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(Math.min(left, BETWEEN_LOOKS_MILLIS)); // nobody tells of the end of what was lost
    }
    return true;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      shards.values().forEach(each -> each.dispatcher().close());
    }
    owner.closed(this);
  }
}

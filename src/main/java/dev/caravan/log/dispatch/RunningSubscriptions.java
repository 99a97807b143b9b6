package dev.caravan.log.dispatch;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that run, and those that were closed but have work or outcomes left.
 *
 * <p>One that is not among them may just be between two runs: its route is being replaced, or the
 * program is starting. It is idle once it has been away for five minutes, whatever the time of day.
 */
public final class RunningSubscriptions implements Iterable<RunningSubscription> {
  /** Longer than routes take to start, or to be replaced. */
  static final long AWAY_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final LongSupplier nanos;
  private final List<RunningSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
  private final long openedAt;

  /**
   * @param nanos a time that only moves forward, as {@link System#nanoTime}; measures how long one
   *     has been away
   */
  public RunningSubscriptions(LongSupplier nanos) {
    this.nanos = nanos;
    this.openedAt = nanos.getAsLong();
  }

  /** Adds one that begins. */
  public void add(RunningSubscription subscription) {
    subscriptions.add(subscription);
  }

  /** Removes one that has ended, once all its outcomes are written. */
  public void remove(RunningSubscription subscription) {
    lastSeen.put(subscription.name(), nanos.getAsLong());
    subscriptions.remove(subscription);
  }

  /** The one of that name that runs or is still ending; or null. */
  public @Nullable RunningSubscription find(String name) {
    for (RunningSubscription subscription : subscriptions) {
      if (subscription.name().equals(name)) {
        return subscription;
      }
    }
    return null;
  }

  /** Whether nothing runs under that name, or will in a moment. */
  public boolean isIdle(String name) {
    long away = nanos.getAsLong() - lastSeen.getOrDefault(name, openedAt);
    return find(name) == null && away >= AWAY_NANOS;
  }

  /** Those that take deliveries at this moment. */
  public List<RunningSubscription> open() {
    return subscriptions.stream().filter(subscription -> !subscription.isClosed()).toList();
  }

  /** Whether one of them runs what is appended soon. */
  public boolean keepUp() {
    return subscriptions.stream().anyMatch(RunningSubscription::keepsUp);
  }

  /** Whether one of them has more to run than what has just arrived. */
  public boolean areBehind() {
    return subscriptions.stream().anyMatch(RunningSubscription::isCatchingUp);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return subscriptions.isEmpty();
  }

  @Override
  public Iterator<RunningSubscription> iterator() {
    return subscriptions.iterator();
  }
}

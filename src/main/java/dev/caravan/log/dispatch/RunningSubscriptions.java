package dev.caravan.log.dispatch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that run, and those that were closed and have work or outcomes left.
 *
 * <p>One that is not among them may just be between two runs: its route is being replaced, or the
 * program is starting. It is idle once it has been away for {@link #AWAY}.
 */
public final class RunningSubscriptions implements Iterable<RunningSubscription> {
  /** Longer than routes take to start, or to be replaced. */
  static final Duration AWAY = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final List<RunningSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
  private final long openedAt;

  /**
   * @param clock what tells how long one has been away
   */
  public RunningSubscriptions(InstantSource clock) {
    this.clock = clock;
    this.openedAt = clock.millis();
  }

  /** One begins. */
  public void add(RunningSubscription subscription) {
    subscriptions.add(subscription);
  }

  /** One has ended, and what it had to say is written. */
  public void remove(RunningSubscription subscription) {
    lastSeen.put(subscription.name(), clock.millis());
    subscriptions.remove(subscription);
  }

  /** What runs under that name, or is still ending; or null. */
  public @Nullable RunningSubscription find(String name) {
    for (RunningSubscription subscription : subscriptions) {
      if (subscription.name().equals(name)) {
        return subscription;
      }
    }
    return null;
  }

  /** Whether nothing runs under that name, and nothing is about to. */
  public boolean isIdle(String name) {
    long away = clock.millis() - lastSeen.getOrDefault(name, openedAt);
    // A clock that was set back says nothing, and must not keep bodies for longer.
    return find(name) == null && Math.abs(away) >= AWAY.toMillis();
  }

  /** Those that take deliveries, now. */
  public List<RunningSubscription> open() {
    return subscriptions.stream().filter(subscription -> !subscription.isClosed()).toList();
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

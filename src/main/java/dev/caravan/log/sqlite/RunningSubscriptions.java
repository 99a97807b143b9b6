package dev.caravan.log.sqlite;

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
final class RunningSubscriptions implements Iterable<Dispatcher> {
  /** Longer than routes take to start, or to be replaced. */
  static final Duration AWAY = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final List<Dispatcher> dispatchers = new CopyOnWriteArrayList<>();
  private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
  private final long openedAt;

  RunningSubscriptions(InstantSource clock) {
    this.clock = clock;
    this.openedAt = clock.millis();
  }

  void add(Dispatcher dispatcher) {
    dispatchers.add(dispatcher);
  }

  void remove(Dispatcher dispatcher) {
    lastSeen.put(dispatcher.name(), clock.millis());
    dispatchers.remove(dispatcher);
  }

  @Nullable Dispatcher find(String name) {
    for (Dispatcher dispatcher : dispatchers) {
      if (dispatcher.name().equals(name)) {
        return dispatcher;
      }
    }
    return null;
  }

  /** Whether nothing runs under that name, and nothing is about to. */
  boolean isIdle(String name) {
    long away = clock.millis() - lastSeen.getOrDefault(name, openedAt);
    // A clock that was set back says nothing, and must not keep bodies for longer.
    return find(name) == null && Math.abs(away) >= AWAY.toMillis();
  }

  /** Those that take deliveries, now. */
  List<Dispatcher> open() {
    return dispatchers.stream().filter(dispatcher -> !dispatcher.isClosed()).toList();
  }

  boolean isEmpty() {
    return dispatchers.isEmpty();
  }

  @Override
  public Iterator<Dispatcher> iterator() {
    return dispatchers.iterator();
  }
}

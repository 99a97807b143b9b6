package dev.caravan.log.sqlite;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The subscriptions that run, and those that were closed and have outcomes left to write. */
final class RunningSubscriptions implements Iterable<Dispatcher> {
  private final List<Dispatcher> dispatchers = new CopyOnWriteArrayList<>();

  void add(Dispatcher dispatcher) {
    dispatchers.add(dispatcher);
  }

  void remove(Dispatcher dispatcher) {
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

package dev.caravan.notices;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Hands each notice to everybody who is listening at that moment; keeps none. Safe for use by many
 * threads.
 */
public final class Notices {
  private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();

  /** Hands it on. */
  public void tell(Notice notice) {
    listeners.forEach(listener -> listener.accept(notice));
  }

  /** Whether anybody listens. */
  boolean areHeard() {
    return !listeners.isEmpty();
  }

  void add(Consumer<Notice> listener) {
    listeners.add(listener);
  }

  void remove(Consumer<Notice> listener) {
    listeners.remove(listener);
  }
}

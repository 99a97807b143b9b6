package dev.caravan.ingress;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory that many requests share: who finds it spent stands in line, first come first served.
 *
 * <p>The line is limited too, as each in it holds some bytes that came with its head. Nobody is
 * blocked: a waiter is called when its turn comes. Safe for use by many threads.
 */
final class ByteBudget {
  /** Called, by any thread, when what was asked for has been taken on the waiter's behalf. */
  @FunctionalInterface
  interface Waiter {
    void granted();
  }

  enum Outcome {
    TAKEN,
    IN_LINE,
    LINE_FULL
  }

  private record Place(long bytes, long held) {}

  private final long total;
  private final Map<Waiter, Place> line = new LinkedHashMap<>();
  private long free;
  private long heldInLine;

  ByteBudget(long total) {
    this.total = total;
    this.free = total;
  }

  /** All there is. Who wants more takes all of it, alone. */
  long total() {
    return total;
  }

  /**
   * Takes bytes, or puts the waiter in line for them.
   *
   * @param heldWhileWaiting what the waiter keeps in memory while it is in line
   */
  synchronized Outcome take(long bytes, long heldWhileWaiting, Waiter waiter) {
    if (line.isEmpty() && bytes <= free) {
      free -= bytes;
      return Outcome.TAKEN;
    }
    if (heldInLine + heldWhileWaiting > total && !line.isEmpty()) {
      return Outcome.LINE_FULL;
    }
    line.put(waiter, new Place(bytes, heldWhileWaiting));
    heldInLine += heldWhileWaiting;
    return Outcome.IN_LINE;
  }

  /** Gives bytes back. */
  void release(long bytes) {
    served(bytes).forEach(Waiter::granted);
  }

  /** Leaves the line. Has no effect on who was granted bytes already, and will be told. */
  void leave(Waiter waiter) {
    synchronized (this) {
      Place place = line.remove(waiter);
      if (place == null) {
        return;
      }
      heldInLine -= place.held();
    }
    release(0); // the next in line may want less
  }

  synchronized boolean isAwaited() {
    return !line.isEmpty();
  }

  synchronized long free() {
    return free;
  }

  private synchronized List<Waiter> served(long bytes) {
    free += bytes;
    if (line.isEmpty()) {
      return List.of();
    }
    List<Waiter> served = new ArrayList<>();
    Iterator<Map.Entry<Waiter, Place>> places = line.entrySet().iterator();
    while (places.hasNext()) {
      Map.Entry<Waiter, Place> next = places.next();
      if (next.getValue().bytes() > free) {
        break;
      }
      free -= next.getValue().bytes();
      heldInLine -= next.getValue().held();
      served.add(next.getKey());
      places.remove();
    }
    return served;
  }
}

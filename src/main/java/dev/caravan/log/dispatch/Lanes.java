package dev.caravan.log.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a subscription's deliveries may run: of each lane only the first is ready, and
 * the next becomes so when that one leaves.
 *
 * <p>Not safe for use by several threads.
 */
final class Lanes {
  /** The first of each queue is ready or running, or holds up the lane. */
  private final Map<String, ArrayDeque<InFlightDelivery>> lanes = new HashMap<>();

  private final ArrayDeque<InFlightDelivery> ready = new ArrayDeque<>();

  /** Those that would be ready, had they the memory they need. */
  private final ArrayDeque<InFlightDelivery> aside = new ArrayDeque<>();

  private final Set<Long> held = new HashSet<>();
  private int size;

  /** Adds a delivery behind all others of its lane. */
  void addLast(InFlightDelivery pending) {
    size++;
    ArrayDeque<InFlightDelivery> lane = laneOf(pending);
    if (lane == null) {
      ready.addLast(pending);
      return;
    }
    lane.addLast(pending);
    if (lane.size() == 1) {
      ready.addLast(pending);
    }
  }

  /**
   * Adds a delivery that comes back: before all others of its lane but the one at its head and
   * those that have come back before it, so that a replay keeps its order.
   */
  void addNext(InFlightDelivery pending) {
    ArrayDeque<InFlightDelivery> lane = laneOf(pending);
    if (lane == null || lane.isEmpty()) {
      addLast(pending);
      return;
    }
    size++;
    Deque<InFlightDelivery> before = new ArrayDeque<>();
    before.push(lane.removeFirst());
    while (!lane.isEmpty() && lane.getFirst().due()) {
      before.push(lane.removeFirst());
    }
    lane.addFirst(pending);
    before.forEach(lane::addFirst);
  }

  /** Adds a delivery that holds up its lane until {@link #ready} is called for it. */
  void addHolding(InFlightDelivery pending) {
    ArrayDeque<InFlightDelivery> lane = laneOf(pending);
    if (lane != null) {
      size++;
      lane.addLast(pending);
      held.add(pending.position());
    }
  }

  /** One that was polled, and failed, holds up its lane until {@link #ready} is called for it. */
  void hold(InFlightDelivery pending) {
    held.add(pending.position());
  }

  /** Lets the delivery that holds up its lane run, as what it has become since. */
  void ready(InFlightDelivery pending) {
    ArrayDeque<InFlightDelivery> lane = laneOf(pending);
    if (lane == null) {
      return;
    }
    held.remove(pending.position());
    InFlightDelivery head = lane.peekFirst();
    if (head != null && head.position() == pending.position()) {
      lane.removeFirst();
      lane.addFirst(pending);
      ready.addFirst(pending);
    } else if (lane.removeIf(other -> other.position() == pending.position())) {
      size--; // one that was tried before it holds up the lane as well
      addNext(pending);
    } else {
      addNext(pending);
    }
  }

  /** What waits here under that position is as this one from now on. */
  void replace(InFlightDelivery pending) {
    replace(pending, ready);
    replace(pending, aside);
    ArrayDeque<InFlightDelivery> lane = pending.lane() == null ? null : lanes.get(pending.lane());
    if (lane != null) {
      replace(pending, lane);
    }
  }

  private static void replace(InFlightDelivery pending, ArrayDeque<InFlightDelivery> in) {
    List<InFlightDelivery> before = List.copyOf(in);
    in.clear();
    for (InFlightDelivery other : before) {
      in.add(other.position() == pending.position() ? pending : other);
    }
  }

  /** Undoes a {@link #poll}. */
  void putBack(InFlightDelivery pending) {
    ready.addFirst(pending);
  }

  /** Undoes a {@link #poll} too, but it is not ready until {@link #backFromAside}. */
  void setAside(InFlightDelivery pending) {
    aside.addLast(pending);
  }

  /** Those that were set aside are ready again, before all others; false when there were none. */
  boolean backFromAside() {
    boolean any = !aside.isEmpty();
    while (!aside.isEmpty()) {
      ready.addFirst(aside.removeLast());
    }
    return any;
  }

  /** Takes the next delivery that may run, or null when there is none. */
  @Nullable InFlightDelivery poll() {
    return ready.pollFirst();
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  int readySize() {
    return ready.size();
  }

  /** All that has been added and has not left. */
  int size() {
    return size;
  }

  /** A polled delivery is done with: the next of its lane becomes ready. */
  void leave(InFlightDelivery pending) {
    size--;
    ArrayDeque<InFlightDelivery> lane = pending.lane() == null ? null : lanes.get(pending.lane());
    if (lane == null) {
      return;
    }
    lane.removeFirst();
    InFlightDelivery next = lane.peekFirst();
    if (next == null) {
      lanes.remove(pending.lane());
    } else if (!held.contains(next.position())) {
      ready.addLast(next);
    }
  }

  /** Whether a newer delivery of its lane is here. */
  boolean hasNewer(InFlightDelivery than) {
    ArrayDeque<InFlightDelivery> lane = than.lane() == null ? null : lanes.get(than.lane());
    return lane != null && lane.stream().anyMatch(other -> other.position() > than.position());
  }

  /** Takes out those of the positions that are here, of which none may have been polled. */
  void remove(Set<Long> positions) {
    held.removeAll(positions);
    backFromAside();
    ready.removeIf(
        pending -> {
          boolean gone = positions.contains(pending.position());
          size -= gone && pending.lane() == null ? 1 : 0;
          return gone;
        });
    lanes
        .values()
        .removeIf(
            lane -> {
              InFlightDelivery head = lane.peekFirst();
              int before = lane.size();
              lane.removeIf(pending -> positions.contains(pending.position()));
              size -= before - lane.size();
              InFlightDelivery next = lane.peekFirst();
              if (head != null
                  && next != null
                  && positions.contains(head.position())
                  && !held.contains(next.position())) {
                ready.addLast(next);
              }
              return lane.isEmpty();
            });
  }

  private @Nullable ArrayDeque<InFlightDelivery> laneOf(InFlightDelivery pending) {
    return pending.lane() == null
        ? null
        : lanes.computeIfAbsent(pending.lane(), lane -> new ArrayDeque<>(2));
  }
}

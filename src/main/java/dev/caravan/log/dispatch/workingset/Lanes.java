package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.workingset.InFlightDelivery.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a subscription's deliveries may run: only the first of each lane is ready; the
 * next becomes ready when it leaves.
 *
 * <p>Not safe for use by several threads.
 */
final class Lanes {
  /** The first of each queue is ready or running, or holds up the lane. */
  private final Map<String, ArrayDeque<InFlightDelivery>> lanes = new HashMap<>();

  private final ArrayDeque<InFlightDelivery> ready = new ArrayDeque<>();

  /** Those that are ready except that there is no memory for them. */
  private final ArrayDeque<InFlightDelivery> aside = new ArrayDeque<>();

  private int size;

  /** Adds a delivery behind all others of its lane. */
  void addLast(InFlightDelivery delivery) {
    size++;
    ArrayDeque<InFlightDelivery> lane = laneOf(delivery);
    if (lane == null) {
      ready.addLast(delivery);
      return;
    }
    lane.addLast(delivery);
    if (lane.size() == 1) {
      ready.addLast(delivery);
    }
  }

  /**
   * Adds a delivery that comes back: before all others of its lane, except the one at its head and
   * those that came back earlier. A replay thereby keeps its order.
   */
  void addNext(InFlightDelivery delivery) {
    ArrayDeque<InFlightDelivery> lane = laneOf(delivery);
    if (lane == null || lane.isEmpty()) {
      addLast(delivery);
      return;
    }
    size++;
    Deque<InFlightDelivery> before = new ArrayDeque<>();
    before.push(lane.removeFirst());
    while (!lane.isEmpty() && lane.getFirst().isDue()) {
      before.push(lane.removeFirst());
    }
    lane.addFirst(delivery);
    before.forEach(lane::addFirst);
  }

  /** Adds a delivery that holds up its lane until {@link #ready} is called for it. */
  void addHolding(InFlightDelivery delivery) {
    ArrayDeque<InFlightDelivery> lane = laneOf(delivery);
    if (lane != null) {
      size++;
      lane.addLast(delivery);
    }
  }

  /** Lets the delivery that holds up its lane run. */
  void ready(InFlightDelivery delivery) {
    ArrayDeque<InFlightDelivery> lane = laneOf(delivery);
    if (lane == null) {
      return;
    }
    if (lane.peekFirst() == delivery) {
      ready.addFirst(delivery);
    } else if (lane.remove(delivery)) {
      size--; // an earlier one holds up the lane as well
      addNext(delivery);
    }
  }

  /** Undoes a {@link #poll}. */
  void putBack(InFlightDelivery delivery) {
    ready.addFirst(delivery);
  }

  /** Undoes a {@link #poll}, but the delivery is not ready until {@link #backFromAside}. */
  void setAside(InFlightDelivery delivery) {
    aside.addLast(delivery);
  }

  /** Makes those that were set aside ready again, before all others; false when there were none. */
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

  /** How many were added and have not left. */
  int size() {
    return size;
  }

  /** A polled delivery is done with: the next of its lane becomes ready. */
  void leave(InFlightDelivery delivery) {
    size--;
    ArrayDeque<InFlightDelivery> lane = delivery.lane() == null ? null : lanes.get(delivery.lane());
    if (lane == null) {
      return;
    }
    lane.removeFirst();
    InFlightDelivery next = lane.peekFirst();
    if (next == null) {
      lanes.remove(delivery.lane());
    } else if (!next.is(State.HELD)) {
      ready.addLast(next);
    }
  }

  /** Whether a newer delivery of its lane is here. */
  boolean hasNewer(InFlightDelivery than) {
    ArrayDeque<InFlightDelivery> lane = than.lane() == null ? null : lanes.get(than.lane());
    return lane != null && lane.stream().anyMatch(other -> other.position() > than.position());
  }

  /** Removes the deliveries at these positions, none of which may have been polled. */
  void remove(Set<Long> positions) {
    backFromAside();
    ready.removeIf(
        delivery -> {
          boolean gone = positions.contains(delivery.position());
          size -= gone && delivery.lane() == null ? 1 : 0;
          return gone;
        });
    lanes
        .values()
        .removeIf(
            lane -> {
              InFlightDelivery head = lane.peekFirst();
              int before = lane.size();
              lane.removeIf(delivery -> positions.contains(delivery.position()));
              size -= before - lane.size();
              InFlightDelivery next = lane.peekFirst();
              if (head != null
                  && next != null
                  && positions.contains(head.position())
                  && !next.is(State.HELD)) {
                ready.addLast(next);
              }
              return lane.isEmpty();
            });
  }

  private @Nullable ArrayDeque<InFlightDelivery> laneOf(InFlightDelivery delivery) {
    return delivery.lane() == null
        ? null
        : lanes.computeIfAbsent(delivery.lane(), lane -> new ArrayDeque<>(2));
  }
}

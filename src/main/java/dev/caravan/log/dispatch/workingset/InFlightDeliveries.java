package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.workingset.InFlightDelivery.State;
import dev.caravan.log.subscription.OrderBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that a subscription has in memory, which wait, run, hold up their lane, or have an
 * outcome that is not on disk; and which of them may run next.
 *
 * <p>Not safe for use by several threads.
 */
final class InFlightDeliveries {
  private final OrderBy orderBy;
  private final DueSchedule schedule;
  private final Lanes lanes = new Lanes();
  private final Map<Long, InFlightDelivery> byPosition = new HashMap<>();
  private int due;

  InFlightDeliveries(OrderBy orderBy, DueSchedule schedule) {
    this.orderBy = orderBy;
    this.schedule = schedule;
  }

  // --- what comes in ---

  /** Adds one that the cursor has read, behind all others of its lane. */
  void addLast(Envelope envelope) {
    lanes.addLast(added(envelope, 0));
  }

  private InFlightDelivery added(Envelope envelope, int attempts) {
    InFlightDelivery delivery =
        new InFlightDelivery(
            envelope.position(), orderBy.lane(envelope.subject()), envelope.length(), attempts);
    byPosition.put(delivery.position(), delivery);
    return delivery;
  }

  /** Adds one that has held up its lane since before this process began. */
  void hold(DueBatch.Row row) {
    if (contains(row.envelope().position()) || orderBy.lane(row.envelope().subject()) == null) {
      return;
    }
    InFlightDelivery delivery = added(row.envelope(), row.attempts());
    delivery.become(State.HELD);
    lanes.addHolding(delivery);
    schedule.hold(delivery, row.dueAt());
  }

  /** Adds one that is due; if it is here already, learns from its row how often it has failed. */
  void runDue(DueBatch.Row row) {
    InFlightDelivery known = find(row.envelope().position());
    if (known == null) {
      InFlightDelivery delivery = added(row.envelope(), row.attempts());
      delivery.cutOff(row.wasCutOff());
      setDue(delivery, true);
      lanes.addNext(delivery);
    } else if (known.outcome() == null && !known.is(State.RUNNING)) {
      known.attempts(row.attempts()); // fewer if it was redelivered
      known.cutOff(row.wasCutOff());
      setDue(known, true);
      if (known.is(State.HELD)) {
        release(known);
      }
    }
  }

  /** Forgets how often a waiting one has failed, as its row does. Does nothing without one. */
  void forgetFailures(long position) {
    InFlightDelivery known = find(position);
    if (known != null && known.outcome() == null) {
      known.attempts(0);
      known.cutOff(false);
    }
  }

  /** Lets those run that have held up their lanes long enough. */
  void releaseHeld(long now) {
    schedule.heldAndDue(now).forEach(this::release);
  }

  private void release(InFlightDelivery delivery) {
    schedule.release(delivery);
    delivery.become(State.WAITING);
    setDue(delivery, true);
    lanes.ready(delivery);
  }

  /** Sets whether it is in the due table, from which its outcome must remove it. */
  void setDue(InFlightDelivery delivery, boolean value) {
    if (delivery.isDue() != value) {
      delivery.setDue(value);
      due += value ? 1 : -1;
    }
  }

  // --- what goes out ---

  InFlightDelivery poll() {
    InFlightDelivery next = Objects.requireNonNull(lanes.poll());
    next.become(State.RUNNING);
    return next;
  }

  /** There is no memory for one that was polled; it waits for {@link #backFromAside}. */
  void setAside(InFlightDelivery delivery) {
    delivery.become(State.WAITING);
    lanes.setAside(delivery);
  }

  /** Those without memory may try again; false when there are none. */
  boolean backFromAside() {
    return lanes.backFromAside();
  }

  /** One that was polled is next again. */
  void putBack(InFlightDelivery delivery) {
    delivery.become(State.WAITING);
    lanes.putBack(delivery);
  }

  /**
   * A delivery has run, at least for now.
   *
   * @param holds whether it holds up its lane, if it has one
   */
  void ended(InFlightDelivery delivery, boolean holds) {
    if (holds && delivery.lane() != null) {
      delivery.become(State.HELD);
    } else {
      delivery.become(State.ENDED);
      lanes.leave(delivery);
    }
  }

  /** The outcome of a delivery is on disk; returns it. */
  Outcome written(InFlightDelivery delivery, long now) {
    Outcome outcome = Objects.requireNonNull(delivery.outcome());
    delivery.outcome(null);
    setDue(delivery, false);
    if (delivery.is(State.HELD)) {
      delivery.attempts(outcome.attemptsBefore());
      schedule.hold(delivery, outcome.dueAt());
    } else {
      byPosition.remove(delivery.position());
      schedule.written(outcome, now);
    }
    return outcome;
  }

  /** Removes the deliveries at these positions, none of which may be running. */
  void remove(Set<Long> positions) {
    lanes.remove(positions);
    for (long position : positions) {
      InFlightDelivery delivery = find(position);
      if (delivery != null) {
        schedule.release(delivery);
        setDue(delivery, false);
        delivery.become(State.ENDED);
        if (delivery.outcome() == null) {
          byPosition.remove(position);
        }
      }
    }
  }

  // --- what is here ---

  @Nullable InFlightDelivery find(long position) {
    return byPosition.get(position);
  }

  boolean contains(long position) {
    return byPosition.containsKey(position);
  }

  boolean isRunning(long position) {
    InFlightDelivery delivery = find(position);
    return delivery != null && delivery.is(State.RUNNING);
  }

  boolean hasNewer(InFlightDelivery than) {
    return lanes.hasNewer(than);
  }

  boolean hasReady() {
    return lanes.hasReady();
  }

  int ready() {
    return lanes.readySize();
  }

  /** How many have not ended. */
  int size() {
    return lanes.size();
  }

  /** How many are due but hold up no lane; each counts until its outcome is on disk. */
  int due() {
    return due;
  }
}

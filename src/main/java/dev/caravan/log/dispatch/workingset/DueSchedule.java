package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * When the due deliveries of a subscription must be read again, and which of those that hold up
 * their lanes may run.
 *
 * <p>Not safe for use by several threads.
 */
final class DueSchedule {
  private static final Comparator<InFlightDelivery> BY_TIME =
      Comparator.comparingLong(InFlightDelivery::heldUntil)
          .thenComparingLong(InFlightDelivery::position);

  /** Those that hold up their lanes, once that is on disk. */
  private final TreeSet<InFlightDelivery> held = new TreeSet<>(BY_TIME);

  private final long longestPause;
  private boolean read;
  private long nextAt; // 0: they must be read

  /** When they were last read or written; if the clock shows less, it was set back. */
  private long readAt =
      Long.MAX_VALUE; // not yet: the clock may have been set back since they were written

  /**
   * @param longestPause milliseconds; no retry waits longer, whatever the clock says
   */
  DueSchedule(long longestPause) {
    this.longestPause = longestPause;
  }

  /**
   * The due deliveries were read.
   *
   * @param next when the next one after those is due, in milliseconds since 1970
   * @param now when they were read
   */
  void read(long next, long now) {
    read = true;
    nextAt = next;
    if (next > now) { // else there is more to read, by the same rule
      readAt = now;
    }
  }

  /** A retry due later than this is due now: it was written before the clock was set back. */
  long furthest(long now) {
    return now < readAt ? now + longestPause : Long.MAX_VALUE;
  }

  /** Whether they were ever read: the first time also shows what holds up lanes. */
  boolean wasRead() {
    return read;
  }

  /** The outcome of an attempt is on disk. */
  void written(Outcome outcome, long now) {
    if (outcome.isTriedAgain()) {
      nextAt = Math.min(nextAt, outcome.dueAt());
      boolean wasSetBackSince = outcome.dueAt() > now + longestPause;
      readAt = wasSetBackSince ? Long.MAX_VALUE : Math.max(readAt, now);
    } else if (outcome.next() == Next.DEAD_LETTER || outcome.next() == Next.EXPIRED_BEFORE) {
      changed(); // a redelivery may have made it due again
    }
  }

  /** A delivery holds up its lane until that time. */
  void hold(InFlightDelivery delivery, long until) {
    held.remove(delivery);
    delivery.holdUntil(until);
    held.add(delivery);
  }

  /** A delivery no longer holds up its lane, if it did. */
  void release(InFlightDelivery delivery) {
    held.remove(delivery);
  }

  /** Those that have held up their lanes long enough, the longest overdue first. */
  List<InFlightDelivery> heldAndDue(long now) {
    if (held.isEmpty() || (held.first().heldUntil() > now && !isTooFar(held.last(), now))) {
      return List.of();
    }
    List<InFlightDelivery> due = new ArrayList<>();
    for (InFlightDelivery each : held) {
      if (each.heldUntil() <= now || isTooFar(each, now)) {
        due.add(each);
      }
    }
    return due;
  }

  private boolean isTooFar(InFlightDelivery delivery, long now) {
    return delivery.heldUntil() > now + longestPause;
  }

  /** Something was made due from outside. */
  void changed() {
    nextAt = 0;
  }

  /** When something must be done next, in milliseconds since 1970. */
  long nextAt() {
    return held.isEmpty() ? nextAt : Math.min(nextAt, held.first().heldUntil());
  }

  boolean wantsReading(long now) {
    boolean clockWasSetBack = read && now < readAt;
    return nextAt <= now || clockWasSetBack;
  }
}

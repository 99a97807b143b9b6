package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningSubscription.Redelivery;
import dev.caravan.log.dispatch.workingset.InFlightDelivery.State;
import java.util.HashSet;
import java.util.Set;

/**
 * The deliveries in a subscription's memory that GitHub has sent again. An attempt under way, or
 * one that begins before the redelivery is on disk, does not count if it fails: its body may have
 * been gone.
 *
 * <p>Not safe for use by several threads.
 */
final class Redeliveries {
  private final InFlightDeliveries inFlight;
  private final Cursor cursor;
  private final UnwrittenOutcomes unwritten;

  /** Positions that run now, or may begin before their redelivery is on disk. */
  private final Set<Long> redelivered = new HashSet<>();

  Redeliveries(InFlightDeliveries inFlight, Cursor cursor, UnwrittenOutcomes unwritten) {
    this.inFlight = inFlight;
    this.cursor = cursor;
    this.unwritten = unwritten;
  }

  /** GitHub has sent it again. */
  Redelivery add(long position) {
    InFlightDelivery known = inFlight.find(position);
    if (cursor.isAhead(position) || (known != null && known.is(State.RUNNING))) {
      redelivered.add(position);
      return Redelivery.RUNS;
    }
    if (known == null || known.outcome() == null) {
      redelivered.add(position); // it may begin before the redelivery is on disk
      return Redelivery.NOT_KNOWN;
    }
    Next next = unwritten.redelivered(known);
    return next == null
        ? Redelivery.NOT_KNOWN
        : next == Next.DONE ? Redelivery.COMPLETED : Redelivery.RUNS;
  }

  /** What an attempt's outcome counts as. */
  Outcome outcome(Outcome told) {
    return redelivered.remove(told.position()) && told.error() != null ? told.again() : told;
  }

  /** The tables say that it is completed: the redelivery does nothing. */
  void completedBefore(long position) {
    redelivered.remove(position);
  }

  /**
   * The redeliveries are on disk: an attempt that begins from now on has the body that arrived
   * again, and starts over.
   */
  void written() {
    redelivered.removeIf(
        position -> {
          boolean isOver = !inFlight.isRunning(position);
          if (isOver) {
            inFlight.forgetFailures(position);
          }
          return isOver;
        });
  }

  /** The bodies of these are gone. */
  void gone(Set<Long> positions) {
    redelivered.removeAll(positions);
  }
}

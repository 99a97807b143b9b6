package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription.Expiring;
import dev.caravan.log.dispatch.workingset.InFlightDelivery.State;
import dev.caravan.log.subscription.EventFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The deliveries of a subscription whose bodies are deleted in the current transaction. Nothing is
 * handed out meanwhile.
 *
 * <p>Not safe for use by several threads.
 */
final class ExpiringBodies {
  private final EventFilter filter;
  private final InFlightDeliveries inFlight;
  private final Cursor cursor;
  private final UnwrittenOutcomes unwritten;
  private final Set<Long> toRun = new HashSet<>();

  /** These run, or have an outcome that is not on disk. */
  private final Set<Long> begun = new HashSet<>();

  ExpiringBodies(
      EventFilter filter, InFlightDeliveries inFlight, Cursor cursor, UnwrittenOutcomes unwritten) {
    this.filter = filter;
    this.inFlight = inFlight;
    this.cursor = cursor;
    this.unwritten = unwritten;
  }

  /** Tells which of these are not finished; {@link #gone} or {@link #kept} follows. */
  Expiring begin(List<Envelope> going, List<Long> due) {
    Set<Long> willNotRun = new HashSet<>(due);
    Set<Long> goOn = new HashSet<>();
    for (Envelope envelope : going) {
      long position = envelope.position();
      boolean unread = position >= cursor.readTo() && envelope.isWantedBy(filter);
      if (hasBegunApartFromDue(position)) {
        goOn.add(position);
      } else if (unread || cursor.isUnfinished(position)) {
        willNotRun.add(position);
      }
    }
    willNotRun.removeIf(
        inFlight::isRunning); // one that is due and runs keeps its row until it ends
    toRun.addAll(willNotRun);
    goOn.forEach(each -> inFlight.setDue(Objects.requireNonNull(inFlight.find(each)), true));
    begun.addAll(goOn);
    return new Expiring(willNotRun, goOn);
  }

  /**
   * Whether only the cursor would tell of it after a crash, and the cursor skips deleted bodies.
   */
  private boolean hasBegunApartFromDue(long position) {
    InFlightDelivery delivery = inFlight.find(position);
    return delivery != null
        && !delivery.isDue()
        && (delivery.is(State.RUNNING) || unwritten.isWaiting(delivery));
  }

  boolean isUnderWay() {
    return !toRun.isEmpty();
  }

  /** The transaction is on disk; returns those that will not run. */
  Set<Long> gone() {
    Set<Long> gone = Set.copyOf(toRun);
    for (long position : gone) {
      if (position >= cursor.readTo()) {
        cursor.readTo(position + 1);
      }
      cursor.finished(position);
    }
    begun.forEach(cursor::finished);
    inFlight.remove(gone);
    toRun.clear();
    begun.clear();
    return gone;
  }

  /** The transaction was rolled back. */
  void kept() {
    for (long position : begun) {
      InFlightDelivery delivery = inFlight.find(position);
      if (delivery != null) {
        inFlight.setDue(delivery, false);
      }
    }
    toRun.clear();
    begun.clear();
  }
}

package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription.Changes;
import dev.caravan.log.dispatch.RunningSubscription.Expiring;
import dev.caravan.log.dispatch.RunningSubscription.Progress;
import dev.caravan.log.dispatch.RunningSubscription.Redelivery;
import dev.caravan.log.dispatch.RunningSubscription.Standing;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a running subscription has in memory: the stretch of the log it is working on, what has come
 * back to it, and the outcomes that are not on disk yet.
 *
 * <p>Not safe for use by several threads: its subscription guards it.
 */
public final class WorkingSet {
  private static final int READ_WITHOUT_OUTCOME = 10_000;
  private static final long NEVER_WRITTEN = -READ_WITHOUT_OUTCOME;

  private final long id;
  private final SubscriptionSettings settings;
  private final Timing timing;
  private final Cursor cursor;
  private final DueSchedule due;
  private final InFlightDeliveries inFlight;
  private final UnwrittenOutcomes unwritten = new UnwrittenOutcomes();
  private final ReadAhead reading;
  private final Redeliveries redeliveries;
  private final ExpiringBodies expiring;
  private long writtenReadTo;

  public WorkingSet(long id, StoredCursor stored, SubscriptionSettings settings, Timing timing) {
    this.id = id;
    this.settings = settings;
    this.timing = timing;
    this.due = new DueSchedule(settings.retry().longestPause().toMillis());
    this.inFlight = new InFlightDeliveries(settings.orderBy(), due);
    this.cursor = new Cursor(stored.next());
    this.reading = new ReadAhead(stored, settings, timing, cursor, due, inFlight, unwritten);
    this.redeliveries = new Redeliveries(inFlight, cursor, unwritten);
    this.expiring = new ExpiringBodies(settings.filter(), inFlight, cursor, unwritten);
    this.writtenReadTo = stored.next();
    stored.unfinished().forEach(cursor::started);
  }

  public long id() {
    return id;
  }

  /** What it reads, and what it takes as it is appended. */
  public ReadAhead reading() {
    return reading;
  }

  // --- what goes out ---

  /** Lets those run that have held up their lanes long enough. */
  public void releaseHeld() {
    inFlight.releaseHeld(timing.millis());
  }

  public boolean mayHandOut() {
    return inFlight.hasReady() && !unwritten.isFull() && !expiring.isUnderWay();
  }

  public InFlightDelivery poll() {
    return inFlight.poll();
  }

  /** There is no memory for one that was polled; others may run meanwhile. */
  public void setAside(InFlightDelivery delivery) {
    inFlight.setAside(delivery);
  }

  /** Those without memory may try again; false when there are none. */
  public boolean backFromAside() {
    return inFlight.backFromAside();
  }

  public void putBack(InFlightDelivery delivery) {
    inFlight.putBack(delivery);
  }

  /** An attempt is over; returns its final outcome. */
  public Outcome ended(InFlightDelivery delivery, Outcome told) {
    Outcome outcome = redeliveries.outcome(told);
    unwritten.add(delivery, outcome);
    if (cursor.isUnfinished(delivery.position())) {
      cursor.finished(delivery.position());
    }
    inFlight.ended(delivery, outcome.isTriedAgain() && settings.strict());
    return outcome;
  }

  /** Whether a newer delivery of its lane is in memory. */
  public boolean hasNewer(InFlightDelivery delivery) {
    return inFlight.hasNewer(delivery);
  }

  // --- what changes from outside ---

  /** GitHub has sent it again. */
  public Redelivery redelivered(long position) {
    return redeliveries.add(position);
  }

  /** The tables say that it is completed: the redelivery does nothing. */
  public void completedBefore(long position) {
    redeliveries.completedBefore(position);
  }

  /** Something was put into the due table, and is on disk. */
  public void dueChanged() {
    reading.dueChanged();
    redeliveries.written();
  }

  /** Retention deletes these bodies in the transaction under way. */
  public Expiring expiring(List<Envelope> going, List<Long> due) {
    return expiring.begin(going, due);
  }

  public void expired() {
    Set<Long> gone = expiring.gone();
    redeliveries.gone(gone);
    reading.gone(gone);
    writtenReadTo = NEVER_WRITTEN; // writes the cursor with the next commit
  }

  public void notExpired() {
    expiring.kept();
  }

  // --- what is written down ---

  /** What must be written now, or null when that can wait. */
  @Nullable
  public Changes changes() {
    if (unwritten.isEmpty() && cursor.readTo() - writtenReadTo < READ_WITHOUT_OUTCOME) {
      return null;
    }
    return lastChanges();
  }

  /** What must be written when the subscription stops, or anyway. */
  public Changes lastChanges() {
    return new Changes(id, cursor.snapshot(), unwritten.take());
  }

  /** The last changes are on disk; returns their outcomes. */
  public List<Outcome> written() {
    List<Outcome> written = new ArrayList<>();
    for (InFlightDelivery delivery : unwritten.written()) {
      written.add(inFlight.written(delivery, timing.millis()));
    }
    reading.flushed();
    writtenReadTo = cursor.readTo();
    return written;
  }

  public void sentAgain(Set<Long> positions) {
    unwritten.sentAgain(positions);
  }

  public boolean isInWork(long position) {
    InFlightDelivery known = inFlight.find(position);
    return known != null && (known.is(InFlightDelivery.State.RUNNING) || known.outcome() != null);
  }

  public void notWritten() {
    unwritten.notWritten();
  }

  public boolean hasUnwritten() {
    return !unwritten.isEmpty();
  }

  /** Whether it must soon wait for outcomes to be written. */
  public boolean hasManyUnwritten() {
    return unwritten.isFillingUp();
  }

  // --- how it is ---

  /** When something is due next, in milliseconds since 1970. */
  public long nextDueAt() {
    return due.nextAt();
  }

  /** Whether the cursor has yet to run this delivery. */
  public boolean isAhead(long position) {
    return cursor.isAhead(position);
  }

  /** Whether a delivery may be given to it to run again. */
  public Standing standing(long position) {
    InFlightDelivery known = inFlight.find(position);
    if (known != null && known.outcome() != null) {
      return Standing.BEING_WRITTEN;
    }
    return cursor.isAhead(position) || (known != null && known.isDue())
        ? Standing.WAITING
        : Standing.FREE;
  }

  /** How far the cursor is. */
  public Progress progress() {
    return new Progress(cursor.readTo(), cursor.unfinished(), cursor.firstAhead());
  }

  /** How many wait or run. */
  public int waiting() {
    return inFlight.size();
  }
}

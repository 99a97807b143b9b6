package dev.caravan.log.dispatch;

import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.dispatch.InFlightDelivery.State;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningSubscription.Changes;
import dev.caravan.log.dispatch.RunningSubscription.Expiring;
import dev.caravan.log.dispatch.RunningSubscription.Progress;
import dev.caravan.log.dispatch.RunningSubscription.Redelivery;
import dev.caravan.log.dispatch.RunningSubscription.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a running subscription has in memory: the stretch of the log it is working on, what has come
 * back to it, and the outcomes that are not on disk yet.
 *
 * <p>Not safe for use by several threads: its {@link Dispatcher} guards it. Longer than most
 * classes, since what comes in, goes out and is written down must agree.
 */
final class WorkingSet {
  /** How far past an unfinished delivery others are looked for. Part of the documented promise. */
  static final int LOOK_AHEAD = 10_000;

  private static final int ENOUGH_READY = 512;
  private static final int MOST_READY = 4096;
  private static final int READ_WITHOUT_OUTCOME = 10_000;
  private static final long NEVER_WRITTEN = -READ_WITHOUT_OUTCOME;

  private final long id;
  private final SubscriptionSettings settings;
  private final Timing timing;
  private final Cursor cursor;
  private final DueSchedule due;
  private final UnwrittenOutcomes unwritten = new UnwrittenOutcomes();

  private final InFlightDeliveries inFlight;

  /** Positions that run now, or may begin before the redelivery that names them is on disk. */
  private final Set<Long> redelivered = new HashSet<>();

  private final ExpiringBodies expiring;

  private List<Long> unfinishedBefore;
  private boolean behind = true;
  private long flushes;
  private long writtenReadTo;

  WorkingSet(long id, StoredCursor stored, SubscriptionSettings settings, Timing timing) {
    this.id = id;
    this.settings = settings;
    this.timing = timing;
    this.due = new DueSchedule(settings.retry().longestPause().toMillis());
    this.inFlight = new InFlightDeliveries(settings.orderBy(), due);
    this.cursor = new Cursor(stored.next());
    this.expiring = new ExpiringBodies(settings.filter(), inFlight, cursor, unwritten);
    this.unfinishedBefore = stored.unfinished();
    this.writtenReadTo = stored.next();
    stored.unfinished().forEach(cursor::started);
  }

  long id() {
    return id;
  }

  // --- what comes in ---

  void appended(List<Envelope> entries, long first, long next) {
    if (!behind && first <= cursor.readTo() && inFlight.ready() < MOST_READY && hasRoom()) {
      read(entries, next);
    } else if (next > cursor.readTo()) {
      behind = true;
    }
  }

  void caughtUp(List<Envelope> entries, long next, boolean toTheEnd) {
    read(entries, next);
    behind = !toTheEnd;
  }

  private void read(List<Envelope> envelopes, long next) {
    for (Envelope envelope : envelopes) {
      if (envelope.position() >= cursor.readTo()
          && envelope.isWantedBy(settings.filter())
          && !inFlight.contains(envelope.position())) {
        cursor.started(envelope.position());
        inFlight.addLast(envelope);
      }
    }
    cursor.readTo(Math.max(next, cursor.readTo()));
  }

  /** Positions that were read and unfinished at the last stop; to be read before all others. */
  List<Long> unfinishedBefore() {
    return unfinishedBefore;
  }

  void unfinishedRead(List<Envelope> envelopes) {
    Set<Long> gone = new HashSet<>(unfinishedBefore);
    unfinishedBefore = List.of();
    for (Envelope envelope : envelopes) {
      if (envelope.isWantedBy(settings.filter())
          && cursor.isUnfinished(envelope.position())
          && !inFlight.contains(envelope.position())) {
        inFlight.addLast(envelope);
        gone.remove(envelope.position());
      }
    }
    gone.forEach(cursor::skipped);
  }

  void dueRead(DueBatch batch, long flushesThen) {
    if (flushesThen != flushes || unwritten.isBeingWritten()) {
      return; // may show rows that are gone by now; it is asked for again
    }
    due.read(batch.nextAt(), batch.readAt());
    batch.holding().forEach(inFlight::hold);
    batch.now().forEach(inFlight::runDue);
  }

  /** Lets those run that have held up their lanes for long enough. */
  void releaseHeld() {
    inFlight.releaseHeld(timing.millis());
  }

  // --- what goes out ---

  boolean mayHandOut() {
    return inFlight.hasReady() && !unwritten.isFull() && !expiring.isUnderWay();
  }

  InFlightDelivery poll() {
    return inFlight.poll();
  }

  /** There is no memory for one that was polled; others may run meanwhile. */
  void setAside(InFlightDelivery delivery) {
    inFlight.setAside(delivery);
  }

  /** Those without memory may try again; false when there are none. */
  boolean backFromAside() {
    return inFlight.backFromAside();
  }

  void putBack(InFlightDelivery delivery) {
    inFlight.putBack(delivery);
  }

  /** An attempt is over; returns its outcome as it is kept. */
  Outcome ended(InFlightDelivery delivery, Outcome told) {
    boolean again = redelivered.remove(delivery.position()) && told.error() != null;
    Outcome outcome = again ? told.again() : told;
    unwritten.add(delivery, outcome);
    if (cursor.isUnfinished(delivery.position())) {
      cursor.finished(delivery.position());
    }
    inFlight.ended(delivery, outcome.isTriedAgain() && settings.strict());
    return outcome;
  }

  /** Whether a newer one of its lane is here. */
  boolean hasNewer(InFlightDelivery delivery) {
    return inFlight.hasNewer(delivery);
  }

  /**
   * GitHub has sent it again. An attempt that runs now, or begins before that is on disk, does not
   * count if it fails: its body may have been gone.
   */
  Redelivery redelivered(long position) {
    InFlightDelivery known = inFlight.find(position);
    if (cursor.isAhead(position) || (known != null && known.is(State.RUNNING))) {
      redelivered.add(position);
      return Redelivery.RUNS;
    }
    if (known == null || known.outcome() == null) {
      redelivered.add(position); // it may begin before that is on disk
      return Redelivery.NOT_KNOWN;
    }
    Next next = unwritten.redelivered(known);
    return next == null
        ? Redelivery.NOT_KNOWN
        : next == Next.DONE ? Redelivery.COMPLETED : Redelivery.RUNS;
  }

  /** The tables say that it is completed: what GitHub has sent again does nothing. */
  void completedBefore(long position) {
    redelivered.remove(position);
  }

  // --- what retention takes ---

  Expiring expiring(List<Envelope> going, List<Long> due) {
    return expiring.begin(going, due);
  }

  void expired() {
    Set<Long> gone = expiring.gone();
    redelivered.removeAll(gone);
    unfinishedBefore =
        unfinishedBefore.stream().filter(position -> !gone.contains(position)).toList();
    flushes++; // what is being read of the due table may show them
    writtenReadTo = NEVER_WRITTEN; // so that the cursor is written with the next commit
  }

  void notExpired() {
    expiring.kept();
  }

  // --- what is written down ---

  /** What has changed since the last call, or null. */
  @Nullable Changes changes() {
    if (unwritten.isEmpty() && cursor.readTo() - writtenReadTo < READ_WITHOUT_OUTCOME) {
      return null;
    }
    return takeChanges();
  }

  /** What there is to say of a subscription that stops. */
  Changes lastChanges() {
    return takeChanges();
  }

  private Changes takeChanges() {
    return new Changes(id, cursor.snapshot(), unwritten.take());
  }

  /** Returns the outcomes that are on disk now. */
  List<Outcome> written() {
    List<Outcome> written = new ArrayList<>();
    for (InFlightDelivery delivery : unwritten.written()) {
      written.add(inFlight.written(delivery, timing.millis()));
    }
    flushes++;
    writtenReadTo = cursor.readTo();
    return written;
  }

  void notWritten() {
    unwritten.notWritten();
  }

  // --- what it wants, and how it is ---

  boolean wantsMore() {
    return wantsDue(timing.millis()) || wantsEntries();
  }

  /** What is to be read for it. */
  ReadRequest readRequest(long now) {
    return new ReadRequest(
        due.wasRead() ? unfinishedBefore : List.of(), // after what holds up their lanes
        wantsDue(now),
        due.furthest(now),
        settings.strict() && !due.wasRead(),
        inFlight.due(),
        flushes,
        wantsEntries(),
        cursor.readTo(),
        settings.filter());
  }

  private boolean wantsDue(long now) {
    return due.wantsReading(now) && inFlight.due() < ENOUGH_READY && !unwritten.isBeingWritten();
  }

  private boolean wantsEntries() {
    return behind && due.wasRead() && inFlight.ready() < ENOUGH_READY && hasRoom();
  }

  /** The due table is to be read again: something was put into it from outside. */
  void dueChanged() {
    due.changed();
    redelivered.removeIf(
        position ->
            !inFlight.isRunning(position)); // what begins from now on has the body that came again
    flushes++; // a reading under way may have begun before that
  }

  long nextDueAt() {
    return due.nextAt();
  }

  /** Whether the cursor has this delivery still to run. */
  boolean isAhead(long position) {
    return cursor.isAhead(position);
  }

  /** Whether a delivery may be given to it to run again. */
  Standing standing(long position) {
    InFlightDelivery known = inFlight.find(position);
    if (known != null && known.outcome() != null) {
      return Standing.BEING_WRITTEN;
    }
    return cursor.isAhead(position) || (known != null && known.isDue())
        ? Standing.WAITING
        : Standing.FREE;
  }

  /** How far the cursor is. */
  Progress progress() {
    return new Progress(cursor.readTo(), cursor.unfinished(), cursor.firstAhead());
  }

  boolean isBehind() {
    return behind;
  }

  int waiting() {
    return inFlight.size();
  }

  boolean hasUnwritten() {
    return !unwritten.isEmpty();
  }

  /** Whether it will soon have to wait for outcomes to be written. */
  boolean hasManyUnwritten() {
    return unwritten.isFillingUp();
  }

  private boolean hasRoom() {
    return inFlight.size() < LOOK_AHEAD;
  }
}

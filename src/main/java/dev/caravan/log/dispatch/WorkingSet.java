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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Lanes lanes = new Lanes();
  private final Cursor cursor;
  private final DueSchedule due;
  private final UnwrittenOutcomes unwritten = new UnwrittenOutcomes();

  /** What waits, runs, holds up its lane, or has an outcome that is not on disk. */
  private final Map<Long, InFlightDelivery> inFlight = new HashMap<>();

  /** Positions that run now, or may begin before the redelivery that names them is on disk. */
  private final Set<Long> redelivered = new HashSet<>();

  /** Positions whose body goes in the transaction under way; nothing is handed out meanwhile. */
  private final Set<Long> expiring = new HashSet<>();

  /** Positions that go on running, or have ended, though their body goes with that transaction. */
  private final Set<Long> losingBody = new HashSet<>();

  private final NewestRun newestRun = new NewestRun();

  private List<Long> unfinishedBefore;
  private int dueHere;
  private boolean behind = true;
  private long flushes;
  private long writtenReadTo;

  WorkingSet(long id, StoredCursor stored, SubscriptionSettings settings, Timing timing) {
    this.id = id;
    this.settings = settings;
    this.timing = timing;
    this.due = new DueSchedule(settings.retry().longestPause().toMillis());
    this.cursor = new Cursor(stored.next());
    this.unfinishedBefore = stored.unfinished();
    this.writtenReadTo = stored.next();
    stored.unfinished().forEach(cursor::started);
  }

  long id() {
    return id;
  }

  // --- what comes in ---

  void appended(List<Envelope> entries, long first, long next) {
    if (!behind && first <= cursor.readTo() && lanes.readySize() < MOST_READY && hasRoom()) {
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
          && !inFlight.containsKey(envelope.position())) {
        cursor.started(envelope.position());
        lanes.addLast(added(envelope, 0));
      }
    }
    cursor.readTo(Math.max(next, cursor.readTo()));
  }

  private InFlightDelivery added(Envelope envelope, int attempts) {
    InFlightDelivery delivery =
        new InFlightDelivery(
            envelope.position(),
            settings.orderBy().lane(envelope.subject()),
            envelope.length(),
            attempts);
    inFlight.put(delivery.position(), delivery);
    return delivery;
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
          && !inFlight.containsKey(envelope.position())) {
        lanes.addLast(added(envelope, 0));
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
    batch.holding().forEach(this::hold);
    batch.now().forEach(this::runDue);
  }

  private void hold(DueBatch.Row row) {
    if (inFlight.containsKey(row.envelope().position())
        || settings.orderBy().lane(row.envelope().subject()) == null) {
      return;
    }
    InFlightDelivery delivery = added(row.envelope(), row.attempts());
    delivery.become(State.HELD);
    lanes.addHolding(delivery);
    due.hold(delivery, row.dueAt());
  }

  private void runDue(DueBatch.Row row) {
    InFlightDelivery known = inFlight.get(row.envelope().position());
    if (known == null) {
      InFlightDelivery delivery = added(row.envelope(), row.attempts());
      isDue(delivery, true);
      lanes.addNext(delivery);
    } else if (known.outcome() == null && !known.is(State.RUNNING)) {
      known.attempts(row.attempts()); // fewer when it came again
      isDue(known, true);
      if (known.is(State.HELD)) {
        release(known);
      }
    }
  }

  /** Lets those run that have held up their lanes for long enough. */
  void releaseHeld() {
    due.heldAndDue(timing.millis()).forEach(this::release);
  }

  private void release(InFlightDelivery delivery) {
    due.release(delivery);
    delivery.become(State.WAITING);
    isDue(delivery, true);
    lanes.ready(delivery);
  }

  private void isDue(InFlightDelivery delivery, boolean value) {
    if (delivery.isDue() != value) {
      delivery.setDue(value);
      dueHere += value ? 1 : -1;
    }
  }

  // --- what goes out ---

  boolean mayHandOut() {
    return lanes.hasReady() && !unwritten.isFull() && expiring.isEmpty();
  }

  InFlightDelivery poll() {
    InFlightDelivery next = Objects.requireNonNull(lanes.poll());
    next.become(State.RUNNING);
    return next;
  }

  /** There is no memory for one that was polled; others may run meanwhile. */
  void setAside(InFlightDelivery delivery) {
    delivery.become(State.WAITING);
    lanes.setAside(delivery);
  }

  /** Those without memory may try again; false when there are none. */
  boolean backFromAside() {
    return lanes.backFromAside();
  }

  void putBack(InFlightDelivery delivery) {
    delivery.become(State.WAITING);
    lanes.putBack(delivery);
  }

  /** An attempt is over; returns its outcome as it is kept. */
  Outcome ended(InFlightDelivery delivery, Outcome told) {
    boolean again = redelivered.remove(delivery.position()) && told.error() != null;
    Outcome outcome = again ? told.again() : told;
    unwritten.add(delivery, outcome);
    if (settings.newestOnly() && outcome.next() == Next.DONE && !outcome.isSuperseded()) {
      newestRun.completed(delivery);
    }
    if (cursor.isUnfinished(delivery.position())) {
      cursor.finished(delivery.position());
    }
    if (outcome.isTriedAgain() && settings.strict() && delivery.lane() != null) {
      delivery.become(State.HELD);
    } else {
      delivery.become(State.ENDED);
      lanes.leave(delivery);
    }
    return outcome;
  }

  /** Whether a newer one of its lane waits or, after a failure of this one, has been completed. */
  boolean isSuperseded(InFlightDelivery delivery) {
    return lanes.hasNewer(delivery) || (delivery.attempts() > 0 && newestRun.isNewerThan(delivery));
  }

  /**
   * GitHub has sent it again. An attempt that runs now, or begins before that is on disk, does not
   * count if it fails: its body may have been gone.
   */
  Redelivery redelivered(long position) {
    InFlightDelivery known = inFlight.get(position);
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

  /** Followed by {@link #expired} or {@link #notExpired}; nothing is handed out in between. */
  Expiring expiring(List<Envelope> going, List<Long> dueRows) {
    Set<Long> toRun = new HashSet<>(dueRows);
    Set<Long> begun = new HashSet<>();
    for (Envelope envelope : going) {
      long position = envelope.position();
      boolean unread = position >= cursor.readTo() && envelope.isWantedBy(settings.filter());
      if (hasBegunApartFromDue(position)) {
        begun.add(position);
      } else if (unread || cursor.isUnfinished(position)) {
        toRun.add(position);
      }
    }
    toRun.removeIf(this::isRunning); // what is due and runs has its row until that is over
    expiring.addAll(toRun);
    begun.forEach(position -> isDue(Objects.requireNonNull(inFlight.get(position)), true));
    losingBody.addAll(begun);
    return new Expiring(toRun, begun);
  }

  /** Whether a crash would leave nothing of it but the cursor, which goes on after what is gone. */
  private boolean hasBegunApartFromDue(long position) {
    InFlightDelivery delivery = inFlight.get(position);
    return delivery != null
        && !delivery.isDue()
        && (delivery.is(State.RUNNING) || unwritten.isWaiting(delivery));
  }

  /** They are gone. */
  void expired() {
    for (long position : expiring) {
      if (position >= cursor.readTo()) {
        cursor.readTo(position + 1);
      }
      cursor.finished(position);
    }
    losingBody.forEach(cursor::finished);
    losingBody.clear();
    lanes.remove(expiring);
    expiring.forEach(this::isGone);
    redelivered.removeAll(expiring);
    unfinishedBefore =
        unfinishedBefore.stream().filter(position -> !expiring.contains(position)).toList();
    flushes++; // what is being read of the due table may show them
    writtenReadTo = NEVER_WRITTEN; // so that the cursor is written with the next commit
    expiring.clear();
  }

  private void isGone(long position) {
    InFlightDelivery delivery = inFlight.get(position);
    if (delivery != null) {
      due.release(delivery);
      isDue(delivery, false);
      delivery.become(State.ENDED);
      if (delivery.outcome() == null) {
        inFlight.remove(position);
      }
    }
  }

  private boolean isRunning(long position) {
    InFlightDelivery delivery = inFlight.get(position);
    return delivery != null && delivery.is(State.RUNNING);
  }

  void notExpired() {
    for (long position : losingBody) {
      InFlightDelivery delivery = inFlight.get(position);
      if (delivery != null) {
        isDue(delivery, false);
      }
    }
    losingBody.clear();
    expiring.clear();
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
      written.add(written(delivery, Objects.requireNonNull(delivery.outcome())));
    }
    flushes++;
    writtenReadTo = cursor.readTo();
    return written;
  }

  private Outcome written(InFlightDelivery delivery, Outcome outcome) {
    delivery.outcome(null);
    isDue(delivery, false);
    if (delivery.is(State.HELD)) {
      delivery.attempts(outcome.attemptsBefore());
      due.hold(delivery, outcome.dueAt());
    } else {
      inFlight.remove(delivery.position());
      due.written(outcome, timing.millis());
    }
    return outcome;
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
        dueHere,
        flushes,
        wantsEntries(),
        cursor.readTo(),
        settings.filter());
  }

  private boolean wantsDue(long now) {
    return due.wantsReading(now) && dueHere < ENOUGH_READY && !unwritten.isBeingWritten();
  }

  private boolean wantsEntries() {
    return behind && due.wasRead() && lanes.readySize() < ENOUGH_READY && hasRoom();
  }

  /** The due table is to be read again: something was put into it from outside. */
  void dueChanged() {
    due.changed();
    redelivered.removeIf(
        position -> !isRunning(position)); // what begins from now on has the body that came again
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
    InFlightDelivery known = inFlight.get(position);
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
    return lanes.size();
  }

  boolean hasUnwritten() {
    return !unwritten.isEmpty();
  }

  /** Whether it will soon have to wait for outcomes to be written. */
  boolean hasManyUnwritten() {
    return unwritten.isFillingUp();
  }

  private boolean hasRoom() {
    return lanes.size() < LOOK_AHEAD;
  }
}

package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a subscription reads from the log, and when: first what is due and what it left unfinished,
 * then what follows its cursor, some way ahead of what runs. Once it has caught up, it takes
 * deliveries as they are appended.
 *
 * <p>Not safe for use by several threads.
 */
public final class ReadAhead {
  /** How many unfinished deliveries it may have in memory. Documented in docs/guarantees.md. */
  static final int LOOK_AHEAD = 10_000;

  private static final int ENOUGH_READY = 512;
  private static final int MOST_READY = 4096;

  private final SubscriptionSettings settings;
  private final Timing timing;
  private final Cursor cursor;
  private final DueSchedule due;
  private final InFlightDeliveries inFlight;
  private final UnwrittenOutcomes unwritten;

  /** Positions that were read but unfinished at the last stop; they are read before all others. */
  private List<Long> unfinishedBefore;

  private boolean behind = true;

  /** How often the due table has changed; what was read from it before that is dropped. */
  private long flushes;

  ReadAhead(
      StoredCursor stored,
      SubscriptionSettings settings,
      Timing timing,
      Cursor cursor,
      DueSchedule due,
      InFlightDeliveries inFlight,
      UnwrittenOutcomes unwritten) {
    this.unfinishedBefore = stored.unfinished();
    this.settings = settings;
    this.timing = timing;
    this.cursor = cursor;
    this.due = due;
    this.inFlight = inFlight;
    this.unwritten = unwritten;
  }

  // --- what it wants ---

  /** Whether there is something to be read for it. */
  public boolean wantsMore() {
    return wantsDue(timing.millis()) || wantsEntries();
  }

  /** What must be read for it. */
  public ReadRequest request(long now) {
    return new ReadRequest(
        due.wasRead() ? unfinishedBefore : List.of(), // after those that hold up their lanes
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

  private boolean hasRoom() {
    return inFlight.size() < LOOK_AHEAD;
  }

  /** Whether there is more in the log than it has read. */
  public boolean isBehind() {
    return behind;
  }

  /** Whether what is appended runs soon, and not after many that came before. */
  public boolean keepsUp() {
    return !behind && inFlight.ready() < ENOUGH_READY;
  }

  // --- what comes in ---

  public void appended(List<Envelope> entries, long first, long next) {
    if (!behind && first <= cursor.readTo() && inFlight.ready() < MOST_READY && hasRoom()) {
      read(entries, next);
    } else if (next > cursor.readTo()) {
      behind = true;
    }
  }

  public void caughtUp(List<Envelope> entries, long next, boolean toTheEnd) {
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

  public void unfinishedRead(List<Envelope> envelopes) {
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

  public void dueRead(DueBatch batch, long flushesThen) {
    if (flushesThen != flushes || unwritten.isBeingWritten()) {
      return; // it may contain rows that are gone by now; it is read again
    }
    due.read(batch.nextAt(), batch.readAt());
    batch.holding().forEach(inFlight::hold);
    batch.now().forEach(inFlight::runDue);
  }

  // --- what changes meanwhile ---

  /** The due table has changed: what is being read from it may be outdated. */
  void flushed() {
    flushes++;
  }

  /** Something was put into the due table from outside: it must be read again. */
  void dueChanged() {
    due.changed();
    flushes++;
  }

  /** These positions need not be read any more. */
  void gone(Set<Long> positions) {
    unfinishedBefore =
        unfinishedBefore.stream().filter(position -> !positions.contains(position)).toList();
    flushes++;
  }
}

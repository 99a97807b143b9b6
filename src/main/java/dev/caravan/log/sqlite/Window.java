package dev.caravan.log.sqlite;

import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.sqlite.Outcome.Next;
import java.util.HashSet;
import java.util.List;
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
final class Window {
  /** How far past an unfinished delivery others are looked for. Part of the documented promise. */
  static final int LOOK_AHEAD = 10_000;

  private static final int ENOUGH_READY = 512;
  private static final int MOST_READY = 4096;
  private static final int READ_WITHOUT_OUTCOME = 10_000;
  private static final long NEVER_WRITTEN = -READ_WITHOUT_OUTCOME;

  private final StoredSubscription stored;
  private final SubscriptionSettings settings;
  private final Timing timing;
  private final Lanes lanes = new Lanes();
  private final Progress progress;
  private final DueHere due;
  private final UnwrittenOutcomes unwritten = new UnwrittenOutcomes();

  /** Positions that were handed out and have no outcome yet. */
  private final Set<Long> handedOut = new HashSet<>();

  /** Positions that run now, or may begin before the redelivery that names them is on disk. */
  private final Set<Long> redelivered = new HashSet<>();

  /** Positions that wait here as a retry, and were redelivered: they begin anew. */
  private final Set<Long> renewed = new HashSet<>();

  /** Positions whose body goes in the transaction under way; nothing is handed out meanwhile. */
  private final Set<Long> expiring = new HashSet<>();

  private List<Long> unfinishedBefore;
  private boolean behind = true;
  private long flushes;
  private long writtenReadTo;

  Window(StoredSubscription stored, SubscriptionSettings settings, Timing timing) {
    this.stored = stored;
    this.settings = settings;
    this.timing = timing;
    this.due = new DueHere(settings.retry().longestPause().toMillis());
    this.progress = new Progress(stored.next());
    this.unfinishedBefore = stored.unfinished();
    this.writtenReadTo = stored.next();
    stored.unfinished().forEach(progress::started);
  }

  /** Where a delivery stands with a subscription, for whoever wants it to run again. */
  enum Standing {
    /** It is not here: it may be put into the due table. */
    FREE,
    /** It has yet to run, or runs now. */
    WAITING,
    /** It has run; what is put into the due table before that is on disk would be lost. */
    BEING_WRITTEN
  }

  /**
   * How far a subscription is.
   *
   * @param readTo the first position it has not read
   * @param unfinished how many it has read and not finished
   * @param firstAhead before this position nothing is left to run
   */
  record Cursor(long readTo, int unfinished, long firstAhead) {}

  /** What is written of a subscription in one transaction. */
  record Changes(long subscription, Progress.Snapshot progress, List<Outcome> outcomes) {}

  // --- what comes in ---

  void appended(List<Entry> entries, long first, long next) {
    if (!behind && first <= progress.readTo() && lanes.readySize() < MOST_READY && hasRoom()) {
      read(entries, next);
    } else if (next > progress.readTo()) {
      behind = true;
    }
  }

  void caughtUp(List<Entry> entries, long next, boolean toTheEnd) {
    read(entries, next);
    behind = !toTheEnd;
  }

  private void read(List<Entry> entries, long next) {
    for (Entry entry : entries) {
      if (entry.position() >= progress.readTo() && entry.isWantedBy(settings.filter())) {
        progress.started(entry.position());
        lanes.addLast(pending(entry, 0, false));
      }
    }
    progress.readTo(Math.max(next, progress.readTo()));
  }

  /** Positions that were read and unfinished at the last stop; to be read before all others. */
  List<Long> unfinishedBefore() {
    return unfinishedBefore;
  }

  void unfinishedRead(List<Entry> entries) {
    Set<Long> gone = new HashSet<>(unfinishedBefore);
    unfinishedBefore = List.of();
    for (Entry entry : entries) {
      if (entry.isWantedBy(settings.filter()) && progress.isUnfinished(entry.position())) {
        lanes.addLast(pending(entry, 0, false));
        gone.remove(entry.position());
      }
    }
    gone.forEach(progress::skipped);
  }

  void dueRead(DueRows rows, long flushesThen) {
    if (flushesThen != flushes || unwritten.isBeingWritten()) {
      return; // may show rows that are gone by now; it is asked for again
    }
    due.read(rows.nextAt(), rows.readAt());
    for (DueRows.Row row : rows.holding()) {
      Pending pending = pending(row.entry(), row.attempts(), true);
      if (pending.lane() != null && due.hold(pending.position())) {
        due.heldUntil(pending.position(), row.dueAt());
        lanes.addHolding(pending);
      }
    }
    due.heldRead(rows.heldAsked());
    for (DueRows.Row row : rows.now()) {
      Pending pending = pending(row.entry(), row.attempts(), true);
      if (!due.add(pending.position())) {
        if (renewed.remove(pending.position()) && !handedOut.contains(pending.position())) {
          lanes.replace(pending);
        }
        continue;
      }
      if (due.release(pending.position())) {
        lanes.ready(pending);
      } else {
        lanes.addNext(pending);
      }
    }
  }

  private Pending pending(Entry entry, int attempts, boolean due) {
    String lane = settings.orderBy().lane(entry.subject());
    return new Pending(entry.position(), lane, entry.length(), attempts, due);
  }

  // --- what goes out ---

  boolean mayHandOut() {
    return lanes.hasReady() && !unwritten.isFull() && expiring.isEmpty();
  }

  Pending poll() {
    Pending next = Objects.requireNonNull(lanes.poll());
    handedOut.add(next.position());
    return next;
  }

  /** There is no memory for one that was polled; others may run meanwhile. */
  void setAside(Pending pending) {
    handedOut.remove(pending.position());
    lanes.setAside(pending);
  }

  /** Those without memory may try again; false when there are none. */
  boolean backFromAside() {
    return lanes.backFromAside();
  }

  void putBack(Pending pending) {
    handedOut.remove(pending.position());
    lanes.putBack(pending);
  }

  /** An attempt is over; returns its outcome as it is kept. */
  Outcome ended(Outcome told) {
    Pending pending = told.pending();
    handedOut.remove(pending.position());
    boolean again = redelivered.remove(pending.position()) && told.error() != null;
    Outcome outcome = again ? told.again(timing.millis()) : told;
    unwritten.add(outcome);
    if (!pending.due()) {
      progress.finished(pending.position());
    }
    if (outcome.isTriedAgain() && settings.strict() && pending.lane() != null) {
      due.hold(pending.position());
      lanes.hold(pending);
    } else {
      lanes.leave(pending);
    }
    return outcome;
  }

  /** What a redelivery means to a subscription, as far as is known here. */
  enum Redelivery {
    /** It has yet to run, or runs again if it fails now. */
    RUNS,
    /** It has completed it, though that is not on disk yet. */
    COMPLETED,
    /** The tables say. */
    NOT_KNOWN
  }

  /**
   * GitHub has sent it again. An attempt that runs now, or begins before that is on disk, does not
   * count if it fails: its body may have been gone.
   */
  Redelivery redelivered(long position) {
    if (handedOut.contains(position) || progress.isAhead(position)) {
      redelivered.add(position);
      return Redelivery.RUNS;
    }
    if (due.contains(position)) {
      renewed.add(position);
    }
    if (!unwritten.contains(position)) {
      redelivered.add(position); // it may be read from the due table before that is on disk
    }
    Next next = unwritten.redelivered(position, timing.millis());
    return next == null
        ? Redelivery.NOT_KNOWN
        : next == Next.DONE ? Redelivery.COMPLETED : Redelivery.RUNS;
  }

  /** The tables say that it is completed: what GitHub has sent again does nothing. */
  void completedBefore(long position) {
    redelivered.remove(position);
  }

  // --- what retention takes ---

  /**
   * Says which of the deliveries whose bodies are to go it has still to run. Followed by {@link
   * #expired} or {@link #notExpired}; nothing is handed out in between. What was handed out has its
   * body already.
   *
   * @param dueRows those of its due rows
   */
  Set<Long> expiring(List<Entry> going, List<Long> dueRows) {
    Set<Long> positions = new HashSet<>(dueRows);
    for (Entry entry : going) {
      boolean unread = entry.position() >= progress.readTo() && entry.isWantedBy(settings.filter());
      if (unread || progress.isUnfinished(entry.position())) {
        positions.add(entry.position());
      }
    }
    positions.removeAll(handedOut);
    expiring.addAll(positions);
    return positions;
  }

  /** They are gone. */
  void expired() {
    for (long position : expiring) {
      if (position >= progress.readTo()) {
        progress.readTo(position + 1);
      }
      progress.finished(position);
    }
    lanes.remove(expiring);
    due.removeAll(expiring);
    redelivered.removeAll(expiring);
    renewed.removeAll(expiring);
    unfinishedBefore =
        unfinishedBefore.stream().filter(position -> !expiring.contains(position)).toList();
    flushes++; // what is being read of the due table may show them
    writtenReadTo = NEVER_WRITTEN; // so that the cursor is written with the next commit
    expiring.clear();
  }

  void notExpired() {
    expiring.clear();
  }

  // --- what is written down ---

  /** What has changed since the last call, or null. */
  @Nullable Changes changes() {
    if (unwritten.isEmpty() && progress.readTo() - writtenReadTo < READ_WITHOUT_OUTCOME) {
      return null;
    }
    return takeChanges();
  }

  /** What there is to say of a subscription that stops. */
  Changes lastChanges() {
    return takeChanges();
  }

  private Changes takeChanges() {
    return new Changes(stored.id(), progress.snapshot(), unwritten.take());
  }

  /** Returns the outcomes that are on disk now. */
  List<Outcome> written() {
    List<Outcome> written = unwritten.written();
    due.written(written, timing.millis());
    flushes++;
    writtenReadTo = progress.readTo();
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
  CatchUp.Wish wish(long now) {
    return new CatchUp.Wish(
        due.wasRead() ? unfinishedBefore : List.of(), // after what holds up their lanes
        wantsDue(now),
        due.furthest(now),
        settings.strict() && !due.wasRead(),
        due.size(),
        due.heldAndDue(now),
        flushes,
        wantsEntries(),
        progress.readTo(),
        settings.filter());
  }

  private boolean wantsDue(long now) {
    return due.wantsReading(now) && !unwritten.isBeingWritten();
  }

  private boolean wantsEntries() {
    return behind && due.wasRead() && lanes.readySize() < ENOUGH_READY && hasRoom();
  }

  /** The due table is to be read again: something was put into it from outside. */
  void dueChanged() {
    due.changed();
    redelivered.retainAll(handedOut); // what begins from now on has the body that came again
    flushes++; // a reading under way may have begun before that
  }

  long nextDueAt() {
    return due.nextAt();
  }

  /** Whether the cursor has this delivery still to run. */
  boolean isAhead(long position) {
    return progress.isAhead(position);
  }

  /** Whether a delivery may be given to it to run again. */
  Standing standing(long position) {
    if (unwritten.contains(position)) {
      return Standing.BEING_WRITTEN;
    }
    return progress.isAhead(position) || due.contains(position) ? Standing.WAITING : Standing.FREE;
  }

  /** How far the cursor is. */
  Cursor cursor() {
    return new Cursor(progress.readTo(), progress.unfinished(), progress.firstAhead());
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

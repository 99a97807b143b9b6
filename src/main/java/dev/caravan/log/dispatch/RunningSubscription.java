package dev.caravan.log.dispatch;

import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.Subscription;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine tells and asks a subscription that runs in this process. Only pausing, resuming
 * and {@link #awaitIdle} wait for anything. Safe for use by many threads.
 */
public interface RunningSubscription extends Subscription {
  /** Its number in the engine. */
  long id();

  /** Which deliveries it wants. */
  EventFilter filter();

  /** Whether a failing delivery holds up its lane. */
  boolean isStrict();

  // --- what comes in ---

  /**
   * Takes what was just appended, unless it must first read what came before.
   *
   * @param first the first position of the transaction
   * @param next the position after its last
   */
  void appended(List<Envelope> envelopes, long first, long next);

  /**
   * Whether what is appended runs soon: then it need not be read back, if it is still in memory.
   */
  boolean keepsUp();

  /** Whether it has more to run than what has just arrived, and is neither paused nor closed. */
  boolean isCatchingUp();

  /** What must be read for it at this time, in milliseconds since 1970. */
  ReadRequest readRequest(long now);

  /** Takes what it had left unfinished when it last ran. */
  void unfinishedRead(List<Envelope> envelopes);

  /**
   * Takes what was read of the log.
   *
   * @param next where to read on
   * @param end gives the first position that is not committed yet, whenever it is asked
   */
  void caughtUp(List<Envelope> envelopes, long next, LongSupplier end);

  /**
   * Takes what has become due, unless it was read before the last flush.
   *
   * @param flushes as the request said
   */
  void dueRead(DueBatch batch, long flushes);

  /** Something was put among its due deliveries from outside. */
  void dueChanged();

  /** Checks whether something may run: at the beginning, and whenever an obstacle is gone. */
  void start();

  // --- what is written down ---

  /** What must be written for a subscription in one transaction. */
  record Changes(long subscription, StoredCursor cursor, List<Outcome> outcomes) {}

  /**
   * What must be written for it now, or null; followed by {@link #written} or {@link #notWritten}.
   *
   * @param last whether the subscription ends; then it returns everything it has
   */
  @Nullable Changes changes(boolean last);

  /** Whether there are outcomes that no transaction has taken yet. */
  boolean hasUnwritten();

  /**
   * The engine found that these of the {@link #changes} it is writing were sent again meanwhile: it
   * writes the failed ones as due to run again. Followed by {@link #written}.
   */
  void sentAgain(Set<Long> positions);

  /** The last {@link #changes} are on disk. */
  void written();

  /** Nothing of the last {@link #changes} is on disk. */
  void notWritten();

  // --- what GitHub sends again ---

  /** What a redelivery means to a subscription, as far as it knows. */
  enum Redelivery {
    /** It has yet to run, or runs again if it fails now. */
    RUNS,
    /** It has completed it, though that is not on disk yet. */
    COMPLETED,
    /** Only the tables tell. */
    NOT_KNOWN
  }

  /**
   * GitHub has sent it again. An attempt that runs now, or begins before that is on disk, does not
   * count if it fails: its body may have been gone.
   */
  Redelivery redelivered(long position);

  /** The tables say that what GitHub has sent again is completed: it does nothing. */
  void completedBefore(long position);

  // --- what retention takes ---

  /**
   * The deliveries of a subscription whose bodies are deleted.
   *
   * @param toRun they had yet to run, and will not
   * @param begun they run and have their bodies already, or their outcome is not on disk yet: dead
   *     letters until it is, since this process may end before that
   */
  record Expiring(Set<Long> toRun, Set<Long> begun) {}

  /**
   * Says which of the deliveries whose bodies will be deleted it has not finished; it may be closed
   * by now. Followed by {@link #expired} or {@link #notExpired}; nothing is handed out in between.
   *
   * @param due which of its due deliveries are among them
   */
  Expiring expiring(List<Envelope> going, List<Long> due);

  /** The bodies are deleted. */
  void expired();

  /** The bodies are still there. */
  void notExpired();

  // --- how it is ---

  /** The state of a delivery in a subscription, for a caller that wants it to run again. */
  enum Standing {
    /** It is not here: it may be made due. */
    FREE,
    /** It has yet to run, or runs now. */
    WAITING,
    /** It has run, but its outcome is not on disk, and would overwrite that it was made due. */
    BEING_WRITTEN
  }

  /** Whether a delivery may be made due for it. */
  Standing standing(long position);

  /** Whether the cursor has yet to run this delivery. */
  boolean isAhead(long position);

  /**
   * How far a subscription is.
   *
   * @param readTo the first position it has not read
   * @param unfinished how many it has read but not finished
   * @param firstAhead before this position nothing is left to run
   */
  record Progress(long readTo, int unfinished, long firstAhead) {}

  /** Whether an attempt at that position is under way, or its outcome is not on disk yet. */
  boolean isInWork(long position);

  /** How far it is. */
  Progress progress();

  /** The last attempt that failed since it began, or null. */
  @Nullable Outcome lastFailure();

  /**
   * Interrupts the running attempts, as a stop does: another process may run them by now. One that
   * fails because of that counts as cut off, and the same attempt is run again.
   */
  void interrupt();

  /** Whether it no longer takes deliveries. */
  boolean isClosed();

  /** Whether nothing more can come from it. */
  boolean isOver();

  /**
   * Waits until no attempt is running; false when one still is after that time.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  boolean awaitIdle(long millis) throws InterruptedException;
}

package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the committer, and for how long: parts that are handed in do not wait; outcomes
 * wait for the next append's commit, but no longer than {@link #LONGEST_WAIT_MILLIS}.
 *
 * <p>Filled by any thread, emptied by one.
 */
final class CommitQueue {
  private static final long LONGEST_WAIT_MILLIS = 50;

  private final Queue<TransactionPart> parts = new ConcurrentLinkedQueue<>();

  /** The thread that waits in {@link #park}, if any. */
  private volatile @Nullable Thread parked;

  private volatile boolean closing;
  private volatile boolean ended;

  /** The latest time to write outcomes, in nanoTime; 0 when there are none. */
  private volatile long outcomesDueAt;

  // --- for any thread ---

  void add(TransactionPart part) {
    parts.add(part);
    if (ended) {
      refuseAll(); // nobody else does that now
    } else {
      wake();
    }
  }

  /**
   * A subscription has an outcome to be written.
   *
   * @param urgent whether it soon cannot continue unless that is written
   */
  void outcomeWaiting(boolean urgent) {
    if (urgent || outcomesDueAt == 0) {
      outcomesDueIn(urgent ? 0 : LONGEST_WAIT_MILLIS);
      wake();
    }
  }

  /** When the part that waits longest was handed in, in nanoTime; 0 when none waits. */
  long oldestSince() {
    TransactionPart next = parts.peek();
    return next == null ? 0 : next.since();
  }

  /** Nothing more will come: once the queue is empty, it is {@linkplain #isOver over}. */
  void close() {
    closing = true;
    wake();
  }

  // --- for the thread that empties it ---

  boolean isOver() {
    return closing && parts.isEmpty();
  }

  /** Refuses what waits, and all that is handed in from now on. */
  void end() {
    ended = true;
    refuseAll();
  }

  private void refuseAll() {
    for (TransactionPart part = parts.poll(); part != null; part = parts.poll()) {
      part.failed(new LogUnavailableException("The delivery log is closed"));
    }
  }

  /** Moves waiting parts into a batch, until it has so many. */
  void moveTo(List<TransactionPart> batch, int most) {
    while (batch.size() < most) {
      TransactionPart part = parts.poll();
      if (part == null) {
        return;
      }
      batch.add(part);
    }
  }

  boolean outcomesAreDue() {
    long dueAt = outcomesDueAt;
    return dueAt != 0 && System.nanoTime() - dueAt >= 0;
  }

  /** Outcomes must be written by that time. */
  void outcomesDueIn(long millis) {
    outcomesDueAt = in(millis);
  }

  /** The caller is about to take all outcomes; new ones are reported again. */
  void outcomesTaken() {
    outcomesDueAt = 0;
  }

  /** Waits until there is something to do. */
  void park() {
    parked = Thread.currentThread();
    if (parts.isEmpty() && !closing) {
      long dueAt = outcomesDueAt;
      if (dueAt == 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, Math.max(1, dueAt - System.nanoTime()));
      }
    }
    parked = null;
  }

  private void wake() {
    Thread waiting = parked;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /** The time in so many milliseconds, in nanoTime; never 0. */
  static long in(long millis) {
    long time = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return time == 0 ? 1 : time;
  }
}

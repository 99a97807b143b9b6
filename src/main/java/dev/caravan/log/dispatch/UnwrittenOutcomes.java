package dev.caravan.log.dispatch;

import dev.caravan.log.dispatch.Outcome.Next;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a subscription that are not on disk: those waiting for the next transaction, and
 * those in the one under way. A crash repeats no more than these.
 *
 * <p>Not safe for use by several threads.
 */
final class UnwrittenOutcomes {
  private static final int MOST = 256;

  private List<Outcome> waiting = new ArrayList<>();
  private @Nullable List<Outcome> underWay;

  void add(Outcome outcome) {
    waiting.add(outcome);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether there are so many that nothing more may run before some are written. */
  boolean isFull() {
    return waiting.size() + (underWay == null ? 0 : underWay.size()) >= MOST;
  }

  /** Whether it is time to write them, so that it does not come to that. */
  boolean isFillingUp() {
    return waiting.size() >= MOST / 2;
  }

  boolean isBeingWritten() {
    return underWay != null;
  }

  /** Takes what waits into a transaction; {@link #written} or {@link #notWritten} follows. */
  List<Outcome> take() {
    List<Outcome> taken = waiting;
    underWay = taken;
    waiting = new ArrayList<>();
    return taken;
  }

  /** The transaction is on disk; returns what was in it. */
  List<Outcome> written() {
    List<Outcome> written = underWay == null ? List.of() : underWay;
    underWay = null;
    return written;
  }

  /** Nothing of the transaction is on disk: it all waits again, before what has come since. */
  void notWritten() {
    List<Outcome> again = new ArrayList<>(written());
    again.addAll(waiting);
    waiting = again;
  }

  /**
   * GitHub has sent it again: if it failed and that waits to be written, it is tried again. So is a
   * dead letter of the transaction under way, which is that of the redelivery too: what revives it
   * there comes after it.
   *
   * @return what becomes of it, or null when nothing of it waits to be written
   */
  @Nullable Next redelivered(long position) {
    Outcome outcome = find(waiting, position);
    if (outcome == null || outcome.next() == Next.NOT_WANTED) {
      reviveInTransaction(position);
      return null;
    }
    if (outcome.next() == Next.DONE) {
      return Next.DONE;
    }
    waiting.set(waiting.indexOf(outcome), outcome.again());
    return Next.AGAIN;
  }

  private void reviveInTransaction(long position) {
    Outcome dead = underWay == null ? null : find(underWay, position);
    if (underWay != null && dead != null && dead.next() == Next.DEAD_LETTER) {
      underWay.set(underWay.indexOf(dead), dead.again());
    }
  }

  boolean contains(long position) {
    return find(waiting, position) != null
        || (underWay != null && find(underWay, position) != null);
  }

  private static @Nullable Outcome find(List<Outcome> outcomes, long position) {
    for (Outcome outcome : outcomes) {
      if (outcome.position() == position) {
        return outcome;
      }
    }
    return null;
  }
}

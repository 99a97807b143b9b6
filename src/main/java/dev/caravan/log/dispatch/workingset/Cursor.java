package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.StoredCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How far a subscription is: where it has read the log to, and what before that is not finished.
 *
 * <p>Not safe for use by several threads.
 */
final class Cursor {
  private final TreeSet<Long> unfinished = new TreeSet<>();
  private long readTo;
  private long finishedTo;

  /**
   * @param next the first position to read
   */
  Cursor(long next) {
    this.readTo = next;
    this.finishedTo = next;
  }

  /** The first position not read yet. */
  long readTo() {
    return readTo;
  }

  /** The log was read up to this position, exclusive. */
  void readTo(long position) {
    readTo = position;
  }

  void started(long position) {
    unfinished.add(position);
  }

  void finished(long position) {
    unfinished.remove(position);
    finishedTo = Math.max(finishedTo, position + 1);
  }

  /** The position turned out to be none to run. */
  void skipped(long position) {
    unfinished.remove(position);
  }

  boolean isUnfinished(long position) {
    return unfinished.contains(position);
  }

  /** Whether the cursor has yet to run the position: it is read and not finished, or not read. */
  boolean isAhead(long position) {
    return position >= readTo || unfinished.contains(position);
  }

  /** How many positions were read and are not finished. */
  int unfinished() {
    return unfinished.size();
  }

  /** The first position that is, or may be, still to be run. */
  long firstAhead() {
    return unfinished.isEmpty() ? readTo : Math.min(readTo, unfinished.first());
  }

  /**
   * What to store. With nothing unfinished, all that was read; else only as far as something was
   * finished, which keeps the list of unfinished ones short.
   */
  StoredCursor snapshot() {
    if (unfinished.isEmpty()) {
      return new StoredCursor(readTo, List.of());
    }
    long next = Math.max(finishedTo, unfinished.first());
    return new StoredCursor(next, unfinishedBefore(next));
  }

  /** Called at each commit: a view of the set would go through it to say how many it has. */
  private List<Long> unfinishedBefore(long next) {
    List<Long> positions = new ArrayList<>();
    for (long position : unfinished) {
      if (position >= next) {
        break;
      }
      positions.add(position);
    }
    return positions;
  }
}

package dev.caravan.log.dispatch.workingset;

import dev.caravan.log.dispatch.StoredCursor;
import java.util.List;
import java.util.TreeSet;

/**
 * How far a subscription is: up to where it has read the log, and what of that it has not finished.
 *
 * <p>Not safe for use by several threads.
 */
final class Cursor {
  private final TreeSet<Long> unfinished = new TreeSet<>();
  private long readTo;
  private long finishedTo;

  /**
   * @param next where to read on
   */
  Cursor(long next) {
    this.readTo = next;
    this.finishedTo = next;
  }

  /** The first position not read yet. */
  long readTo() {
    return readTo;
  }

  /** The log was read up to, and without, this position. */
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

  /** The position turned out to be none of ours. */
  void skipped(long position) {
    unfinished.remove(position);
  }

  boolean isUnfinished(long position) {
    return unfinished.contains(position);
  }

  /** Whether the position is still to be run by the cursor: read and not finished, or not read. */
  boolean isAhead(long position) {
    return position >= readTo || unfinished.contains(position);
  }

  /** How many positions were read and are not finished. */
  int unfinished() {
    return unfinished.size();
  }

  /** The first position that is still to be run, as far as is known. */
  long firstAhead() {
    return unfinished.isEmpty() ? readTo : Math.min(readTo, unfinished.first());
  }

  /**
   * What to keep. With nothing unfinished, that is all that was read; else only as far as something
   * was finished, so that the list stays as short as what runs at once.
   */
  StoredCursor snapshot() {
    return unfinished.isEmpty()
        ? new StoredCursor(readTo, List.of())
        : new StoredCursor(
            Math.max(finishedTo, unfinished.first()),
            List.copyOf(unfinished.headSet(Math.max(finishedTo, unfinished.first()))));
  }
}

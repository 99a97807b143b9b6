package dev.caravan.log.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a replay has put into the due table, so that it can be taken back: only the last ones. Safe
 * for use by many threads.
 */
final class ScheduledRows {
  private static final int MOST = 100_000;

  private final Deque<ScheduledRow> rows = new ArrayDeque<>();
  private boolean isForgotten;

  synchronized void add(List<ScheduledRow> written) {
    if (isForgotten) {
      return;
    }
    rows.addAll(written);
    while (rows.size() > MOST) {
      rows.removeFirst();
    }
  }

  /** The last of them, which run last; empty when there are none any more. */
  synchronized List<ScheduledRow> takeLast(int most) {
    List<ScheduledRow> taken = new ArrayList<>();
    while (taken.size() < most && !rows.isEmpty()) {
      taken.add(rows.removeLast());
    }
    return taken;
  }

  /** Those that were taken but could not be written; in the order in which they were taken. */
  synchronized void giveBack(List<ScheduledRow> taken) {
    for (int index = taken.size() - 1; index >= 0; index--) {
      rows.addLast(taken.get(index));
    }
  }

  /** From now on nothing is kept. */
  synchronized void forget() {
    isForgotten = true;
    rows.clear();
  }
}

package dev.caravan.log.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last rows that a replay has put into the due table, kept to be taken back. Safe for use by
 * many threads.
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

  /** The last of them, which run last; empty when no more are left. */
  synchronized List<ScheduledRow> takeLast(int most) {
    List<ScheduledRow> taken = new ArrayList<>();
    while (taken.size() < most && !rows.isEmpty()) {
      taken.add(rows.removeLast());
    }
    return taken;
  }

  /** Returns rows that were taken but could not be taken back, in the order they were taken. */
  synchronized void giveBack(List<ScheduledRow> taken) {
    for (int index = taken.size() - 1; index >= 0; index--) {
      rows.addLast(taken.get(index));
    }
  }

  /** Forgets all rows, and keeps no more. */
  synchronized void forget() {
    isForgotten = true;
    rows.clear();
  }
}

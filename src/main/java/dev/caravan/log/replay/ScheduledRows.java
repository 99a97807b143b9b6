package dev.caravan.log.replay;

import dev.caravan.log.search.Subscriptions;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a replay has put into the due table, so that it can be taken back: the last so many. Safe
 * for use by many threads.
 */
final class ScheduledRows {
  private static final int MOST = 100_000;

  private final Deque<Row> rows = new ArrayDeque<>();
  private boolean isForgotten;

  /**
   * One row.
   *
   * @param dueAt as it was written
   * @param wasDead whether it was a dead letter before
   */
  record Row(ReplayTarget target, long position, long dueAt, boolean wasDead) {}

  synchronized void add(List<Row> written) {
    if (isForgotten) {
      return;
    }
    rows.addAll(written);
    while (rows.size() > MOST) {
      rows.removeFirst();
    }
  }

  /** The last of them, which run last; empty when there are none any more. */
  synchronized List<Row> takeLast(int most) {
    List<Row> taken = new ArrayList<>();
    while (taken.size() < most && !rows.isEmpty()) {
      taken.add(rows.removeLast());
    }
    return taken;
  }

  /** Takes them back, as far as nobody has begun to run them; on the committer's thread. */
  static int takeBack(List<Row> rows, ReplayStore.ReplayTransaction writer) throws SQLException {
    int taken = 0;
    long now = System.currentTimeMillis();
    for (Row row : rows) {
      ReplayTarget target = row.target();
      Subscriptions.Running running = target.dispatcher();
      boolean isHere =
          running != null && running.standing(row.position()) != Subscriptions.Standing.FREE;
      if (!isHere && writer.due().takeBack(target.id(), row.position(), row.dueAt())) {
        if (row.wasDead()) {
          writer.due().deadAgain(target.id(), row.position(), now);
        }
        writer.dueChanged(target.name());
        taken++;
      }
    }
    return taken;
  }

  /** Those that were taken but could not be written; in the order in which they were taken. */
  synchronized void giveBack(List<Row> taken) {
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

package dev.caravan.log.reading;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Run;
import dev.caravan.log.dispatch.SubscriptionStore.Stretch;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Reads from the attempts what a subscription has run. For one thread at a time. */
public final class RunReader {
  /** Deliveries in one answer: reading them takes some milliseconds. */
  private static final int STRETCH = 10_000;

  private static final String LAST_TRIED = "SELECT max(position) FROM attempt";

  private static final String RUNS =
      """
      SELECT %s, max(a.started_at + a.took)
        FROM attempt a JOIN delivery d ON d.position = a.position
        WHERE a.position >= ? AND a.position < ? AND a.subscription = ?
          AND a.error IS NULL AND a.number > 0
        GROUP BY d.position"""
          .formatted(EnvelopeRow.COLUMNS);

  private static final int ENDED = 9;

  /**
   * A first attempt after one that was cut off does not count as another beginning; a delivery that
   * was superseded has had its turn. One older than the subscription may have had none before a
   * replay.
   */
  private static final String LAST_OF_SEVERAL_BEGINNINGS =
      """
      SELECT max(CASE WHEN number = 1 THEN started_at END) FROM attempt
        WHERE position = ? AND subscription = ? AND number <= 1
        HAVING count(CASE WHEN error IS NULL OR error NOT LIKE '%s%%' THEN 1 END) > ?
          OR (SELECT received_at FROM delivery WHERE position = ?)
            < (SELECT created_at FROM subscription WHERE id = ?)"""
          .formatted(Outcome.CUT_OFF);

  private final Sql sql;
  private final EventTypes types;

  RunReader(Sql sql, EventTypes types) {
    this.sql = sql;
    this.types = types;
  }

  /** See {@link dev.caravan.log.dispatch.SubscriptionStore#newestRuns}. */
  public Stretch newest(long subscription, OrderBy orderBy, long after, long before)
      throws SQLException {
    Long tried = sql.number(LAST_TRIED); // the backlog after that, however long, has no runs
    long end = tried == null ? after : Math.min(tried, before - 1);
    long from = Math.max(after, end - STRETCH) + 1;
    Map<String, Run> newest = new HashMap<>();
    for (Ran ran : sql.list(RUNS, this::ran, from, end + 1, subscription)) {
      String lane = orderBy.lane(ran.subject());
      if (lane != null) {
        newest.merge(lane, ran.run(), Run::newer);
      }
    }
    return new Stretch(from, newest);
  }

  private record Ran(Delivery.Subject subject, Run run) {}

  private Ran ran(ResultSet row) throws SQLException {
    return new Ran(
        EnvelopeRow.read(row, types).subject(), new Run(row.getLong(1), row.getLong(ENDED)));
  }

  /** See {@link dev.caravan.log.dispatch.SubscriptionStore#askedForAgainAt}. */
  public long askedForAgainAt(long subscription, long position, int turns) throws SQLException {
    Long at =
        sql.number(
            LAST_OF_SEVERAL_BEGINNINGS, position, subscription, turns, position, subscription);
    return at == null ? Long.MIN_VALUE : at;
  }
}

package dev.caravan.log.tables;

import dev.caravan.log.Delivery;
import dev.caravan.log.OrderBy;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Run;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** Tells from the attempts what a subscription has run. For one thread at a time. */
public final class RunReader {
  /** From the newest on: of a lane in which much happens, the first row is the answer. */
  private static final String RUNS =
      """
      SELECT %s, d.ended FROM (
          SELECT e.*, (SELECT max(a.started_at + a.took) FROM attempt a
              WHERE a.position = e.position AND a.subscription = ? AND a.error IS NULL
                AND a.number > 0) AS ended
            FROM delivery e WHERE e.position > ? AND e.repository IS NOT DISTINCT FROM ?) AS d
        WHERE d.ended IS NOT NULL
        ORDER BY d.position DESC"""
          .formatted(EnvelopeRow.COLUMNS);

  private static final int ENDED = 9;

  /**
   * One that was cut off has begun once more by itself, and one that a newer one ran instead of has
   * had its turn. What is older than the subscription may have had none before it was asked for.
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

  /**
   * As {@link dev.caravan.log.dispatch.SubscriptionStore#newestRun} says; looks at the deliveries
   * behind that position, of one repository.
   */
  public Run newest(long subscription, OrderBy orderBy, Delivery.Subject subject, long after)
      throws SQLException {
    String lane = Objects.requireNonNull(orderBy.lane(subject));
    Run found =
        sql.first(
            RUNS,
            row -> firstOfLane(row, orderBy, lane),
            subscription,
            after,
            subject.repository());
    return Objects.requireNonNullElse(found, Run.NONE);
  }

  private Run firstOfLane(ResultSet row, OrderBy orderBy, String lane) throws SQLException {
    do {
      if (lane.equals(orderBy.lane(EnvelopeRow.read(row, types).subject()))) {
        return new Run(row.getLong(1), row.getLong(ENDED));
      }
    } while (row.next());
    return Run.NONE;
  }

  /** As {@link dev.caravan.log.dispatch.SubscriptionStore#askedForAgainAt} says. */
  public long askedForAgainAt(long subscription, long position, int turns) throws SQLException {
    Long at =
        sql.number(
            LAST_OF_SEVERAL_BEGINNINGS, position, subscription, turns, position, subscription);
    return at == null ? Long.MIN_VALUE : at;
  }
}

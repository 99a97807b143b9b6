package dev.caravan.log.state;

import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures of every subscription. */
public final class FigureReport {
  /** Rows are counted up to a limit: a million dead letters cost no more than some thousand. */
  private static final String ROWS =
      """
      SELECT s.name, s.paused,
        (SELECT count(*) FROM
          (SELECT 1 FROM due u WHERE u.subscription = s.id LIMIT ?) AS waiting),
        (SELECT count(*) FROM
          (SELECT attempts FROM due u WHERE u.subscription = s.id LIMIT ?) AS failed
          WHERE attempts > 0),
        (SELECT count(*) FROM
          (SELECT 1 FROM dead_letter l WHERE l.subscription = s.id LIMIT ?) AS dead), s.id
      FROM subscription s ORDER BY s.name""";

  /**
   * When the oldest of the failed ones began to wait: when it arrived, or when a replay of it first
   * ran. They are read in order of arrival, to have the oldest among the first.
   */
  private static final String OLDEST_RETRY =
      """
      SELECT min(CASE WHEN firsts > 1 THEN newest ELSE received_at END) FROM (
        SELECT d.received_at AS received_at,
          (SELECT count(*) FROM attempt a WHERE a.position = u.position
            AND a.subscription = u.subscription AND a.number = 1) AS firsts,
          (SELECT max(a.started_at) FROM attempt a WHERE a.position = u.position
            AND a.subscription = u.subscription AND a.number = 1) AS newest
        FROM (SELECT subscription, position FROM
            (SELECT subscription, position, attempts FROM due WHERE subscription = ?
              ORDER BY position LIMIT ?) AS first
            WHERE attempts > 0 LIMIT ?) AS u
          JOIN delivery d ON d.position = u.position) AS waiting""";

  private static final int MOST_RETRIES_LOOKED_AT = 500;

  private FigureReport() {}

  /**
   * Reads the figures.
   *
   * @param running the state of the running ones
   * @param counters what this process has counted for each, by name
   */
  public static List<SubscriptionFigures> read(
      DeliveryReader reader, Subscriptions running, Function<String, SubscriptionCounters> counters)
      throws SQLException {
    List<SubscriptionFigures> figures = new ArrayList<>();
    try (PreparedStatement statement = reader.prepare(ROWS)) {
      statement.setInt(1, SubscriptionFigures.MOST_COUNTED);
      statement.setInt(2, SubscriptionFigures.MOST_COUNTED);
      statement.setInt(3, SubscriptionFigures.MOST_COUNTED);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          figures.add(subscription(row, running.open(name), counters.apply(name), reader));
        }
      }
    }
    return figures;
  }

  private static SubscriptionFigures subscription(
      ResultSet row,
      Subscriptions.@Nullable Running running,
      SubscriptionCounters counted,
      DeliveryReader reader)
      throws SQLException {
    SubscriptionStatus status = running == null ? null : running.status();
    Backlog backlog =
        running == null ? Backlog.NONE : running.backlog(reader, SubscriptionFigures.MOST_COUNTED);
    long retries = row.getLong(4);
    double oldestRetry = retries == 0 ? 0 : age(oldestRetry(row.getLong(6), reader));
    double lagSeconds = age(backlog.oldestReceivedAt());
    return new SubscriptionFigures(
        row.getString(1),
        running != null,
        status == null ? row.getBoolean(2) : status.paused(),
        backlog.deliveries(),
        lagSeconds,
        row.getLong(3),
        retries,
        Math.max(lagSeconds, oldestRetry),
        running == null ? 0 : failingSeconds(counted, oldestRetry),
        running != null && counted.isCircuitOpen(),
        row.getLong(5),
        status == null ? 0 : status.running(),
        counted.attempts(),
        counted.failures());
  }

  /** Before its first attempt in this process, the retries tell whether it was failing. */
  private static double failingSeconds(SubscriptionCounters counted, double oldestRetry) {
    return counted.hasSeenAttempts() ? counted.failingSeconds(System.nanoTime()) : oldestRetry;
  }

  private static @Nullable Instant oldestRetry(long subscription, DeliveryReader reader)
      throws SQLException {
    try (PreparedStatement statement = reader.prepare(OLDEST_RETRY)) {
      statement.setLong(1, subscription);
      statement.setInt(2, SubscriptionFigures.MOST_COUNTED);
      statement.setInt(3, MOST_RETRIES_LOOKED_AT);
      try (ResultSet row = statement.executeQuery()) {
        long since = row.next() ? row.getLong(1) : 0;
        return since == 0 ? null : Instant.ofEpochMilli(since);
      }
    }
  }

  /** Not below 0 when a clock was set back. */
  private static double age(@Nullable Instant since) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1000.0);
  }
}

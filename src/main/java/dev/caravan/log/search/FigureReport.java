package dev.caravan.log.search;

import dev.caravan.log.SubscriptionFigures;
import dev.caravan.log.SubscriptionStatus;
import dev.caravan.log.dispatch.SubscriptionCounters;
import dev.caravan.log.tables.DeliveryReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says of every subscription in numbers how it is doing. */
public final class FigureReport {
  /** Rows are counted up to a number, so that a million dead letters cost no more than some. */
  private static final String ROWS =
      """
      SELECT s.name, s.paused,
        (SELECT count(*) FROM
          (SELECT 1 FROM due u WHERE u.subscription = s.id LIMIT ?) AS waiting),
        (SELECT count(*) FROM
          (SELECT 1 FROM dead_letter l WHERE l.subscription = s.id LIMIT ?) AS dead)
      FROM subscription s ORDER BY s.name""";

  private FigureReport() {}

  /**
   * Reads it.
   *
   * @param running how those stand that run
   * @param counters what this process has counted of each, by name
   */
  public static List<SubscriptionFigures> read(
      DeliveryReader reader, Subscriptions running, Function<String, SubscriptionCounters> counters)
      throws SQLException {
    List<SubscriptionFigures> figures = new ArrayList<>();
    try (PreparedStatement statement = reader.prepare(ROWS)) {
      statement.setInt(1, SubscriptionFigures.MOST_COUNTED);
      statement.setInt(2, SubscriptionFigures.MOST_COUNTED);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          figures.add(subscription(row, running.find(name), counters.apply(name), reader));
        }
      }
    }
    return figures;
  }

  private static SubscriptionFigures subscription(
      ResultSet row,
      Subscriptions.@Nullable Running found,
      SubscriptionCounters counted,
      DeliveryReader reader)
      throws SQLException {
    Subscriptions.Running running = found == null || !found.isOpen() ? null : found;
    SubscriptionStatus status = running == null ? null : running.status();
    Backlog backlog =
        running == null ? Backlog.NONE : running.backlog(reader, SubscriptionFigures.MOST_COUNTED);
    return new SubscriptionFigures(
        row.getString(1),
        running != null,
        status == null ? row.getBoolean(2) : status.paused(),
        backlog.deliveries(),
        age(backlog.oldestReceivedAt()),
        row.getLong(3),
        row.getLong(4),
        status == null ? 0 : status.running(),
        counted.attempts(),
        counted.failures(),
        counted.deadLettered());
  }

  /** Not below 0 when a clock was set back. */
  private static double age(@Nullable Instant since) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1000.0);
  }
}

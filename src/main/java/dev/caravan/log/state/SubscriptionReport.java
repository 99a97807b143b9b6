package dev.caravan.log.state;

import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of every subscription, from the tables and the running subscriptions. */
public final class SubscriptionReport {
  private static final String ROWS =
      """
      SELECT s.id, s.name, s.paused,
        (SELECT count(*) FROM due u WHERE u.subscription = s.id),
        (SELECT min(due_at) FROM due u WHERE u.subscription = s.id),
        (SELECT count(*) FROM dead_letter l WHERE l.subscription = s.id)
      FROM subscription s ORDER BY s.name""";

  private SubscriptionReport() {}

  private record Row(
      long id,
      String name,
      boolean paused,
      long due,
      @Nullable Instant nextDueAt,
      long deadLetters) {}

  private record Failure(@Nullable String error, @Nullable Instant at) {
    static final Failure NONE = new Failure(null, null);
  }

  /**
   * Reads the report.
   *
   * @param running the state of the running ones
   */
  public static List<KnownSubscription> read(DeliveryReader reader, Subscriptions running)
      throws SQLException {
    List<KnownSubscription> known = new ArrayList<>();
    for (Row row : rows(reader)) {
      Subscriptions.Running open = running.open(row.name());
      known.add(open == null ? idle(row, reader) : running(row, open, reader));
    }
    return known;
  }

  private static KnownSubscription idle(Row row, DeliveryReader reader) throws SQLException {
    Failure failure = newestDeadLetter(row, reader);
    return new KnownSubscription(
        row.name(),
        false,
        List.of(),
        null,
        row.paused(),
        0,
        0,
        null,
        row.due(),
        row.nextDueAt(),
        row.deadLetters(),
        failure.error(),
        failure.at());
  }

  private static KnownSubscription running(
      Row row, Subscriptions.Running dispatcher, DeliveryReader reader) throws SQLException {
    SubscriptionStatus status = dispatcher.status();
    EventFilter filter = dispatcher.filter();
    Backlog backlog = dispatcher.backlog(reader, Long.MAX_VALUE);
    Subscriptions.Failure last = dispatcher.lastFailure();
    Failure failure =
        last == null ? newestDeadLetter(row, reader) : new Failure(last.error(), last.at());
    return new KnownSubscription(
        row.name(),
        true,
        filter.events(),
        filter.repository(),
        status.paused(),
        status.running(),
        backlog.deliveries(),
        backlog.oldestReceivedAt(),
        row.due(),
        row.nextDueAt(),
        row.deadLetters(),
        failure.error(),
        failure.at());
  }

  private static List<Row> rows(DeliveryReader reader) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement statement = reader.prepare(ROWS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        long dueAt = row.getLong(5);
        Instant nextDueAt = row.wasNull() ? null : Instant.ofEpochMilli(dueAt);
        rows.add(
            new Row(
                row.getLong(1),
                row.getString(2),
                row.getBoolean(3),
                row.getLong(4),
                nextDueAt,
                row.getLong(6)));
      }
    }
    return rows;
  }

  private static Failure newestDeadLetter(Row subscription, DeliveryReader reader)
      throws SQLException {
    if (subscription.deadLetters() == 0) {
      return Failure.NONE;
    }
    try (PreparedStatement statement =
        reader.prepare(
            "SELECT error, since FROM dead_letter WHERE subscription = ? ORDER BY since DESC LIMIT 1")) {
      statement.setLong(1, subscription.id());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Failure(row.getString(1), Instant.ofEpochMilli(row.getLong(2)))
            : Failure.NONE;
      }
    }
  }
}

package dev.caravan.log.sqlite;

import dev.caravan.log.AttemptRecord;
import dev.caravan.log.DeadLetter;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.DeliverySummary;
import dev.caravan.log.LogUnavailableException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks things up in the log's file. Each question is one short read. */
final class SqliteDeliveryHistory implements DeliveryHistory {
  private static final String POSITION =
      "(SELECT max(position) FROM delivery WHERE guid = ? AND differs_from IS NULL)";

  private final LogReaders readers;

  SqliteDeliveryHistory(LogReaders readers) {
    this.readers = readers;
  }

  @Override
  public Optional<Delivery> find(String guid) {
    List<Long> position =
        query(
            "SELECT position FROM delivery WHERE guid = ? AND differs_from IS NULL ORDER BY position DESC LIMIT 1",
            statement -> statement.setBytes(1, Guids.encode(guid)),
            row -> row.getLong(1));
    if (position.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(readers.read(reader -> reader.load(position.get(0))));
    } catch (SQLException e) {
      throw cannotRead(e);
    }
  }

  @Override
  public List<DeliverySummary> list(int most) {
    return query(
        """
        SELECT d.position, d.guid, k.event, k.action, d.repository, d.received_at, d.length,
          d.repeats, d.differs_from IS NOT NULL
        FROM delivery d JOIN kind k ON k.id = d.kind ORDER BY d.position DESC LIMIT ?""",
        statement -> statement.setInt(1, most),
        row ->
            new DeliverySummary(
                row.getString(1),
                Guids.decode(row.getBytes(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)),
                row.getInt(7),
                row.getInt(8),
                row.getBoolean(9)));
  }

  @Override
  public List<AttemptRecord> attempts(String guid) {
    return query(
        "SELECT s.name, a.number, a.started_at, a.took, a.error"
            + " FROM attempt a JOIN subscription s ON s.id = a.subscription"
            + " WHERE a.position = "
            + POSITION
            + " ORDER BY a.started_at, a.number",
        statement -> statement.setBytes(1, Guids.encode(guid)),
        row ->
            new AttemptRecord(
                row.getString(1),
                row.getInt(2),
                Instant.ofEpochMilli(row.getLong(3)),
                Duration.ofMillis(row.getLong(4)),
                row.getString(5)));
  }

  @Override
  public List<DeadLetter> deadLetters(String subscription, int most) {
    return query(
        """
        SELECT s.name, d.guid, l.position, l.attempts, l.since, l.error
        FROM dead_letter l JOIN subscription s ON s.id = l.subscription
          JOIN delivery d ON d.position = l.position
        WHERE s.name = ? ORDER BY l.position LIMIT ?""",
        statement -> {
          statement.setString(1, subscription);
          statement.setInt(2, most);
        },
        row ->
            new DeadLetter(
                row.getString(1),
                Guids.decode(row.getBytes(2)),
                row.getString(3),
                row.getInt(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getString(6)));
  }

  @FunctionalInterface
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  @FunctionalInterface
  private interface Mapping<T> {
    T map(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, Binding binding, Mapping<T> mapping) {
    try {
      return readers.read(
          reader -> {
            try (PreparedStatement statement = reader.prepare(sql)) {
              binding.bind(statement);
              List<T> found = new ArrayList<>();
              try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                  found.add(mapping.map(row));
                }
              }
              return found;
            }
          });
    } catch (SQLException e) {
      throw cannotRead(e);
    }
  }

  private static LogUnavailableException cannotRead(SQLException cause) {
    return new LogUnavailableException(
        "The delivery log cannot be read: " + cause.getMessage(), cause);
  }
}

package dev.caravan.log.postgres.nodes;

import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.PositionList;
import dev.caravan.log.tables.SentAgainWhileAway;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Creates the rows of a subscription; one that was away continues after the deleted bodies. */
public final class SubscriptionTable {
  private static final String FIND = "SELECT id, paused FROM subscription WHERE name = ?";
  private static final String CREATE =
      "INSERT INTO subscription (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String CURSORS =
      "INSERT INTO cursor (subscription, shard, next)"
          + " SELECT ?, shard, ? FROM generate_series(0, ?) AS s (shard) ON CONFLICT DO NOTHING";
  private static final String SINCE = "SELECT min(position) FROM delivery WHERE received_at >= ?";

  /** The first body kept all along (not brought back), or else the log's end; then the end. */
  private static final String KEPT_FROM =
      """
      SELECT coalesce(
        (SELECT position FROM content WHERE position NOT IN (SELECT position FROM restored)
          ORDER BY position LIMIT 1), head.next), head.next FROM head""";

  /** Cursors that nobody moves, before the first body kept. */
  private static final String AWAY =
      """
      SELECT shard, next, unfinished FROM cursor c
      WHERE subscription = ? AND next < ?
        AND (owner IS NULL OR NOT EXISTS (SELECT FROM node n WHERE n.id = owner AND NOT n.given_up))
      ORDER BY shard FOR UPDATE""";

  private static final String GO_ON =
      "UPDATE cursor SET next = ?, unfinished = '' WHERE subscription = ? AND shard = ?";
  private static final String RESTORED =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + " FROM restored r JOIN delivery d USING (position)"
          + " WHERE d.shard = ? AND d.differs_from IS NULL AND d.position < ? AND d.position >= ?";
  private static final String DUE =
      "INSERT INTO due (subscription, position, attempts, due_at, shard) VALUES (?, ?, 0, ?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String MISSED =
      "SELECT kind, count(*) FROM delivery"
          + " WHERE shard = ? AND position >= ? AND position < ? AND differs_from IS NULL GROUP BY kind";

  private final EventTypes types;

  public SubscriptionTable(EventTypes types) {
    this.types = types;
  }

  /**
   * A subscription that may begin on this node.
   *
   * @param missed how many that it wanted, of any repository, lost their bodies meanwhile
   */
  record Begun(long id, boolean paused, long missed) {}

  Begun begin(Connection connection, String name, EventFilter filter, StartFrom startFrom, long now)
      throws SQLException {
    long keptFrom;
    long end;
    try (PreparedStatement select = connection.prepareStatement(KEPT_FROM);
        ResultSet row = select.executeQuery()) {
      row.next();
      keptFrom = row.getLong(1);
      end = row.getLong(2);
    }
    long id = id(connection, name);
    boolean isNew = id == 0;
    if (isNew) {
      update(connection, CREATE, name, now);
      id = id(connection, name);
      long first = first(connection, startFrom, end);
      update(connection, CURSORS, id, first, Shards.COUNT - 1);
    }
    long missed = goOn(connection, id, filter, keptFrom, now); // locks cursors, as others do first
    SentAgainWhileAway.decide(connection, types, id, filter);
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, name);
      try (ResultSet row = find.executeQuery()) {
        row.next();
        return new Begun(id, row.getBoolean(2), isNew ? 0 : missed);
      }
    }
  }

  private static long id(Connection connection, String name) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, name);
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private static long first(Connection connection, StartFrom startFrom, long end)
      throws SQLException {
    if (startFrom.time().isAfter(Instant.now())) {
      return end;
    }
    try (PreparedStatement select = connection.prepareStatement(SINCE)) {
      select.setLong(
          1,
          startFrom.time().equals(Instant.MIN) ? Long.MIN_VALUE : startFrom.time().toEpochMilli());
      try (ResultSet row = select.executeQuery()) {
        long first = row.next() ? row.getLong(1) : 0;
        return first == 0 ? end : first;
      }
    }
  }

  private record Away(int shard, StoredCursor at) {}

  private long goOn(Connection connection, long id, EventFilter filter, long keptFrom, long now)
      throws SQLException {
    long missed = 0;
    for (Away away : away(connection, id, keptFrom)) {
      missed += away.at().unfinished().size() + missed(connection, away, filter, keptFrom);
      for (long position : restored(connection, away, filter, keptFrom)) {
        update(connection, DUE, id, position, now, away.shard());
      }
      update(connection, GO_ON, keptFrom, id, away.shard());
    }
    return missed;
  }

  private static List<Away> away(Connection connection, long id, long keptFrom)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(AWAY)) {
      select.setLong(1, id);
      select.setLong(2, keptFrom);
      List<Away> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new Away(
                  row.getInt(1),
                  new StoredCursor(row.getLong(2), PositionList.decode(row.getBytes(3)))));
        }
      }
      return found;
    }
  }

  private long missed(Connection connection, Away away, EventFilter filter, long keptFrom)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(MISSED)) {
      select.setInt(1, away.shard());
      select.setLong(2, away.at().next());
      select.setLong(3, keptFrom);
      long missed = 0;
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          EventTypes.EventType type = types.kind(row.getInt(1));
          missed += filter.wants(type.event(), type.action()) ? row.getLong(2) : 0;
        }
      }
      return missed;
    }
  }

  /** Deliveries that it would skip, but whose bodies redeliveries brought back. */
  private List<Long> restored(Connection connection, Away away, EventFilter filter, long keptFrom)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(RESTORED)) {
      select.setInt(1, away.shard());
      select.setLong(2, keptFrom);
      select.setLong(
          3, away.at().unfinished().isEmpty() ? away.at().next() : away.at().unfinished().get(0));
      List<Long> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          if (EnvelopeRow.read(row, types).isWantedBy(filter)
              && away.at().isAhead(row.getLong(1))) {
            found.add(row.getLong(1));
          }
        }
      }
      return found;
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int index = 0; index < values.length; index++) {
        statement.setObject(index + 1, values[index]);
      }
      statement.executeUpdate();
    }
  }
}

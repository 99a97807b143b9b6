package dev.caravan.log.postgres.replay;

import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.postgres.shards.CursorLocks;
import dev.caravan.log.postgres.shards.DueChanges;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes back some of what a cancelled replay has made due, the last first, unless it was changed
 * since. Works on any node.
 */
final class ReplayTakeBack {
  private static final int AT_ONCE = 256;

  /** As in a step of a replay, locked before any cursor. */
  private static final String FREE = "SELECT FROM replay WHERE id = ? FOR UPDATE SKIP LOCKED";

  private static final String ROWS =
      """
      SELECT r.subscription, r.position, r.due_at, r.was_dead, d.shard
      FROM replay_row r JOIN delivery d USING (position)
      WHERE r.replay = ? ORDER BY r.position DESC, r.subscription LIMIT ?""";

  private static final String TAKE =
      """
      DELETE FROM due u USING unnest(?::bigint[], ?::bigint[], ?::bigint[])
        AS g (subscription, position, due_at)
      WHERE u.subscription = g.subscription AND u.position = g.position AND u.due_at = g.due_at
        AND u.attempts = 0 RETURNING u.subscription, u.position""";

  private static final String DEAD_AGAIN =
      """
      INSERT INTO dead_letter (subscription, position, attempts, since, error)
      SELECT g.subscription, g.position, coalesce(a.number, 0), %s,
        coalesce(a.error, 'it was a dead letter when a replay of it was cancelled')
      FROM unnest(?::bigint[], ?::bigint[]) AS g (subscription, position) LEFT JOIN LATERAL (
        SELECT number, error FROM attempt
        WHERE position = g.position AND subscription = g.subscription AND error IS NOT NULL
        ORDER BY started_at DESC, number DESC LIMIT 1) AS a ON true
      ON CONFLICT (subscription, position) DO NOTHING"""
          .formatted(SharedTime.NOW);

  private static final String DONE =
      """
      DELETE FROM replay_row r USING unnest(?::bigint[], ?::bigint[]) AS g (subscription, position)
      WHERE r.replay = ? AND r.subscription = g.subscription AND r.position = g.position""";

  private static final String COUNT = "UPDATE replay SET taken_back = taken_back + ? WHERE id = ?";

  private final Connection connection;
  private final long replay;
  private final DueChanges changes = new DueChanges();

  ReplayTakeBack(Connection connection, long replay) {
    this.connection = connection;
    this.replay = replay;
  }

  private record Row(long subscription, long position, long dueAt, boolean wasDead, int shard) {}

  private record Of(long subscription, long position) {}

  /** Takes some back; false when none were left, or another node does it at this moment. */
  boolean run() throws SQLException {
    if (!isFree()) {
      return false;
    }
    List<Row> rows = rows();
    if (rows.isEmpty()) {
      forgetTheRest();
      return false;
    }
    Set<Long> subscriptions = new TreeSet<>();
    Set<Integer> shards = new TreeSet<>();
    rows.forEach(
        row -> {
          subscriptions.add(row.subscription());
          shards.add(row.shard());
        });
    CursorLocks locks = CursorLocks.take(connection, subscriptions, shards);
    Map<Of, Row> byPlace = new HashMap<>();
    rows.forEach(row -> byPlace.put(new Of(row.subscription(), row.position()), row));
    Set<Of> taken = take(rows);
    List<Row> dead = new ArrayList<>();
    for (Of of : taken) {
      Row row = byPlace.get(of);
      changes.add(of.subscription(), row.shard());
      if (row.wasDead()) {
        dead.add(row);
      }
    }
    update(DEAD_AGAIN, dead, 0);
    update(DONE, rows, replay);
    locks.touch(changes.shards());
    count(taken.size());
    return true;
  }

  /** The shards whose due rows were changed. */
  DueChanges changes() {
    return changes;
  }

  /** Two nodes would meet at the same rows, and wait for each other at each step. */
  private boolean isFree() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FREE)) {
      select.setLong(1, replay);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private List<Row> rows() throws SQLException {
    List<Row> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(ROWS)) {
      select.setLong(1, replay);
      select.setInt(2, AT_ONCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new Row(
                  row.getLong(1),
                  row.getLong(2),
                  row.getLong(3),
                  row.getBoolean(4),
                  row.getInt(5)));
        }
      }
    }
    return found;
  }

  /** Rows of deliveries that are forgotten: they have nothing due any more. */
  private void forgetTheRest() throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM replay_row WHERE replay = ?")) {
      delete.setLong(1, replay);
      delete.executeUpdate();
    }
  }

  private Set<Of> take(List<Row> rows) throws SQLException {
    Set<Of> taken = new HashSet<>();
    try (PreparedStatement delete = connection.prepareStatement(TAKE)) {
      delete.setArray(1, array(rows.stream().map(Row::subscription).toArray()));
      delete.setArray(2, array(rows.stream().map(Row::position).toArray()));
      delete.setArray(3, array(rows.stream().map(Row::dueAt).toArray()));
      try (ResultSet row = delete.executeQuery()) {
        while (row.next()) {
          taken.add(new Of(row.getLong(1), row.getLong(2)));
        }
      }
    }
    return taken;
  }

  private void update(String sql, List<Row> rows, long of) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setArray(1, array(rows.stream().map(Row::subscription).toArray()));
      update.setArray(2, array(rows.stream().map(Row::position).toArray()));
      if (of != 0) {
        update.setLong(3, of);
      }
      update.executeUpdate();
    }
  }

  private void count(int taken) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(COUNT)) {
      update.setInt(1, taken);
      update.setLong(2, replay);
      update.executeUpdate();
    }
  }

  private Array array(Object[] values) throws SQLException {
    return connection.createArrayOf("int8", values);
  }
}

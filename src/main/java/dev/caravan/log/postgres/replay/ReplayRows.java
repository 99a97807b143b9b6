package dev.caravan.log.postgres.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.replay.ReplayTarget;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads replays. */
final class ReplayRows {
  private static final String COLUMNS =
      """
      SELECT id, what, request, started_at, state, ends, reached, matched, already_waiting,
        not_wanted, not_kept, taken_back, last_due_at, error,
        ARRAY(SELECT subscription FROM replay_target WHERE replay = id ORDER BY name),
        ARRAY(SELECT name FROM replay_target WHERE replay = id ORDER BY name),
        ARRAY(SELECT scheduled FROM replay_target WHERE replay = id ORDER BY name)
      FROM replay""";

  /** A replay of a node that is gone, of none, or of this one when it does not work on it. */
  private static final String CLAIM =
      """
      UPDATE replay SET node = ? WHERE id IN (
        SELECT r.id FROM replay r WHERE r.state = 'RUNNING' AND NOT EXISTS (
          SELECT FROM node n WHERE n.id = r.node AND n.id <> ? AND n.expires_at > clock_timestamp())
        AND r.id <> ALL (?)
        ORDER BY r.id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id""";

  private static final String LEFT =
      """
      SELECT id FROM replay WHERE state = 'CANCELLED'
        AND EXISTS (SELECT FROM replay_row r WHERE r.replay = replay.id)""";

  private final Connection connection;

  ReplayRows(Connection connection) {
    this.connection = connection;
  }

  /** The newest ones, newest first. */
  List<StoredReplay> newest(int most) throws SQLException {
    return read(COLUMNS + " ORDER BY id DESC LIMIT ?", most);
  }

  /** The one of that number; fails when that was deleted. */
  StoredReplay get(long id) throws SQLException {
    List<StoredReplay> found = read(COLUMNS + " WHERE id = ?", id);
    if (found.isEmpty()) {
      throw new SQLException("replay " + id + " is forgotten");
    }
    return found.get(0);
  }

  /**
   * Takes over one that nobody works on; null when there is none.
   *
   * @param running the ones that this node works on
   */
  @Nullable StoredReplay claim(long node, Collection<Long> running) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(CLAIM)) {
      update.setLong(1, node);
      update.setLong(2, node);
      update.setArray(3, connection.createArrayOf("int8", running.toArray()));
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? get(row.getLong(1)) : null;
      }
    }
  }

  /** The numbers of cancelled ones that have not been taken back whole. */
  List<Long> leftToTakeBack() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LEFT);
        ResultSet row = select.executeQuery()) {
      List<Long> found = new ArrayList<>();
      while (row.next()) {
        found.add(row.getLong(1));
      }
      return found;
    }
  }

  private List<StoredReplay> read(String sql, long value) throws SQLException {
    List<StoredReplay> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, value);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(replay(row));
        }
      }
    }
    return found;
  }

  private static StoredReplay replay(ResultSet row) throws SQLException {
    Long[] subscriptions = (Long[]) row.getArray(15).getArray();
    String[] names = (String[]) row.getArray(16).getArray();
    Long[] counts = (Long[]) row.getArray(17).getArray();
    List<ReplayTarget> targets = new ArrayList<>();
    Map<String, Long> scheduled = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      targets.add(new ReplayTarget(subscriptions[i], names[i]));
      scheduled.put(names[i], counts[i]);
    }
    ReplayRequest request = RequestText.decode(List.of((String[]) row.getArray(3).getArray()));
    long lastDueAt = row.getLong(13);
    Instant last = row.wasNull() ? null : Instant.ofEpochMilli(lastDueAt);
    return new StoredReplay(
        row.getLong(1),
        row.getString(2),
        request,
        Instant.ofEpochMilli(row.getLong(4)),
        row.getLong(6),
        row.getLong(7),
        targets,
        new ReplayProgress(
            State.valueOf(row.getString(5)),
            request.dryRun(),
            row.getLong(8),
            scheduled,
            row.getLong(9),
            row.getLong(10),
            row.getLong(11),
            row.getLong(12),
            last,
            row.getString(14)));
  }
}

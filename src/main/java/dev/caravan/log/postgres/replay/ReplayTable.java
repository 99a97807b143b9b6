package dev.caravan.log.postgres.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.replay.ScheduledRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes about replays, in the transaction of its connection. */
final class ReplayTable {
  private static final String BEGIN =
      """
      INSERT INTO replay (what, request, started_at, node, state, ends)
      SELECT ?, ?, %s, ?, 'RUNNING', next FROM head RETURNING id"""
          .formatted(SharedTime.NOW);

  private static final String TARGET =
      "INSERT INTO replay_target (replay, subscription, name) VALUES (?, ?, ?)";

  private static final String IS_MINE =
      "SELECT FROM replay WHERE id = ? AND node = ? AND state = 'RUNNING' FOR UPDATE";

  private static final String REACHED =
      """
      UPDATE replay SET reached = ?, matched = ?, already_waiting = ?, not_wanted = ?, not_kept = ?,
        last_due_at = ? WHERE id = ?""";

  private static final String SCHEDULED =
      "UPDATE replay_target SET scheduled = ? WHERE replay = ? AND name = ?";

  private static final String ROW =
      """
      INSERT INTO replay_row (replay, position, subscription, due_at, was_dead)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

  private static final String END =
      "UPDATE replay SET state = ?, error = ? WHERE id = ? AND node = ? AND state = 'RUNNING'";

  /** One that is over is cancelled only if there is something to take back. */
  private static final String CANCEL =
      """
      UPDATE replay SET state = 'CANCELLED' WHERE id = ? AND (state = 'RUNNING' OR EXISTS (
        SELECT FROM replay_row r JOIN due u USING (subscription, position)
        WHERE r.replay = replay.id AND u.due_at = r.due_at AND u.attempts = 0))""";

  /** Only the newest can be taken back. */
  private static final String FORGET =
      """
      DELETE FROM replay_row WHERE replay IN (
        SELECT id FROM replay WHERE state <> 'RUNNING' ORDER BY id DESC OFFSET ?)""";

  private static final String FORGET_ALL =
      "DELETE FROM replay WHERE state <> 'RUNNING' AND id <= (SELECT max(id) FROM replay) - ?";

  private final Connection connection;

  ReplayTable(Connection connection) {
    this.connection = connection;
  }

  /** Adds one that begins; returns its number. */
  long begin(ReplayRequest request, String what, long node, List<ReplayTarget> targets)
      throws SQLException {
    long id;
    try (PreparedStatement insert = connection.prepareStatement(BEGIN)) {
      insert.setString(1, what);
      insert.setArray(2, connection.createArrayOf("text", RequestText.encode(request).toArray()));
      insert.setLong(3, node);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        id = row.getLong(1);
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(TARGET)) {
      for (ReplayTarget target : targets) {
        insert.setLong(1, id);
        insert.setLong(2, target.id());
        insert.setString(3, target.name());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return id;
  }

  /** Whether this node still has it; that stays so until the transaction ends. */
  boolean isMine(long replay, long node) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(IS_MINE)) {
      select.setLong(1, replay);
      select.setLong(2, node);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Writes its progress. */
  void reached(long replay, long position, ReplayProgress progress) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(REACHED)) {
      update.setLong(1, position);
      update.setLong(2, progress.matched());
      update.setLong(3, progress.alreadyWaiting());
      update.setLong(4, progress.notWanted());
      update.setLong(5, progress.notKept());
      Instant last = progress.lastDueAt();
      if (last == null) {
        update.setNull(6, Types.BIGINT);
      } else {
        update.setLong(6, last.toEpochMilli());
      }
      update.setLong(7, replay);
      update.executeUpdate();
    }
    try (PreparedStatement update = connection.prepareStatement(SCHEDULED)) {
      for (Map.Entry<String, Long> each : progress.scheduled().entrySet()) {
        update.setLong(1, each.getValue());
        update.setLong(2, replay);
        update.setString(3, each.getKey());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /** Writes the rows that can be taken back. */
  void scheduled(long replay, List<ScheduledRow> rows) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ROW)) {
      for (ScheduledRow row : rows) {
        insert.setLong(1, replay);
        insert.setLong(2, row.position());
        insert.setLong(3, row.target().id());
        insert.setLong(4, row.dueAt());
        insert.setBoolean(5, row.wasDead());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Writes how it has ended, if this node had it. */
  void end(long replay, long node, State state, @Nullable String error) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(END)) {
      update.setString(1, state.name());
      update.setString(2, error);
      update.setLong(3, replay);
      update.setLong(4, node);
      update.executeUpdate();
    }
  }

  /** Ends one, wherever it runs; what it has scheduled can be taken back then. */
  void cancel(long replay) throws SQLException {
    update(CANCEL, replay);
  }

  /** Releases it for another node. */
  void letGo(long replay, long node) throws SQLException {
    update("UPDATE replay SET node = NULL WHERE id = ? AND node = ?", replay, node);
  }

  private void update(String sql, long... values) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int index = 0; index < values.length; index++) {
        update.setLong(index + 1, values[index]);
      }
      update.executeUpdate();
    }
  }

  /**
   * Deletes old ones.
   *
   * @param revocable how many can be taken back
   * @param known how many are kept
   */
  void forget(int revocable, int known) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
      delete.setInt(1, revocable);
      delete.executeUpdate();
    }
    try (PreparedStatement delete = connection.prepareStatement(FORGET_ALL)) {
      delete.setInt(1, known);
      delete.executeUpdate();
    }
  }
}

package dev.caravan.log.postgres.replay;

import dev.caravan.log.replay.ScheduledRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Writes for a replay what is due and no longer a dead letter, all of a transaction at once. */
final class DueWriter {
  /** Changes the time even of another replay's row: that one can no longer take it back. */
  private static final String MAKE_DUE =
      """
      INSERT INTO due (subscription, position, attempts, due_at, shard)
      SELECT subscription, position, 0, due_at, shard
      FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::int[])
        AS g (subscription, position, due_at, shard)
      ON CONFLICT (subscription, position) DO UPDATE SET
        attempts = least(due.attempts, CASE WHEN due.subscription = ANY (?) THEN 1 ELSE 0 END),
        due_at = least(greatest(due.due_at - 1, 0), excluded.due_at)""";

  private static final String NOT_DEAD =
      """
      DELETE FROM dead_letter l USING unnest(?::bigint[], ?::bigint[]) AS g (subscription, position)
      WHERE l.subscription = g.subscription AND l.position = g.position""";

  private final Connection connection;
  private final Collection<Long> strict;
  private final List<Long> subscriptions = new ArrayList<>();
  private final List<Long> positions = new ArrayList<>();
  private final List<Long> dueAts = new ArrayList<>();
  private final List<Integer> shards = new ArrayList<>();

  /**
   * @param strict the subscriptions whose retries hold up their lanes, and continue to
   */
  DueWriter(Connection connection, Collection<Long> strict) {
    this.connection = connection;
    this.strict = strict;
  }

  void add(ScheduledRow row, int shard) {
    subscriptions.add(row.target().id());
    positions.add(row.position());
    dueAts.add(row.dueAt());
    shards.add(shard);
  }

  void write() throws SQLException {
    if (subscriptions.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(MAKE_DUE)) {
      statement.setArray(1, connection.createArrayOf("int8", subscriptions.toArray()));
      statement.setArray(2, connection.createArrayOf("int8", positions.toArray()));
      statement.setArray(3, connection.createArrayOf("int8", dueAts.toArray()));
      statement.setArray(4, connection.createArrayOf("int4", shards.toArray()));
      statement.setArray(5, connection.createArrayOf("int8", strict.toArray()));
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(NOT_DEAD)) {
      statement.setArray(1, connection.createArrayOf("int8", subscriptions.toArray()));
      statement.setArray(2, connection.createArrayOf("int8", positions.toArray()));
      statement.executeUpdate();
    }
  }
}

package dev.caravan.log.postgres.shards;

import dev.caravan.log.tables.PositionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Locks cursors while another than their owners decides what runs: no outcomes are written for them
 * meanwhile. All lock several in the same order.
 */
public final class CursorLocks {
  private static final String LOCK =
      """
      SELECT subscription, shard, next, unfinished FROM cursor
      WHERE subscription = ANY (?) AND shard = ANY (?)
      ORDER BY subscription, shard FOR UPDATE""";

  private static final String TOUCH =
      "UPDATE cursor SET touched = touched + 1 WHERE subscription = ? AND shard = ANY (?)";

  private final Connection connection;
  private final Map<Shard, ShardCursor> locked = new LinkedHashMap<>();

  private CursorLocks(Connection connection) {
    this.connection = connection;
  }

  /** A shard of a subscription. */
  public record Shard(long subscription, int shard) {}

  /** Locks them until the transaction ends. */
  public static CursorLocks take(
      Connection connection, Collection<Long> subscriptions, Set<Integer> shards)
      throws SQLException {
    CursorLocks locks = new CursorLocks(connection);
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setArray(1, connection.createArrayOf("int8", subscriptions.toArray()));
      statement.setArray(2, connection.createArrayOf("int2", shards.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          locks.locked.put(
              new Shard(row.getLong(1), row.getInt(2)),
              new ShardCursor(row.getLong(3), new TreeSet<>(PositionList.decode(row.getBytes(4)))));
        }
      }
    }
    return locks;
  }

  /** Whether the subscription has yet to run a delivery for the first time, or runs it now. */
  public boolean isAhead(long subscription, int shard, long position) {
    ShardCursor cursor = locked.get(new Shard(subscription, shard));
    return cursor != null && cursor.isAhead(position);
  }

  @Nullable
  public ShardCursor find(Shard shard) {
    return locked.get(shard);
  }

  /** Has their owners look at what is due. */
  public void touch(Map<Long, Set<Integer>> shards) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TOUCH)) {
      for (Map.Entry<Long, Set<Integer>> each : shards.entrySet()) {
        statement.setLong(1, each.getKey());
        statement.setArray(2, connection.createArrayOf("int2", each.getValue().toArray()));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}

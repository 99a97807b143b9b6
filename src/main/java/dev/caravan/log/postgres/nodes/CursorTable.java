package dev.caravan.log.postgres.nodes;

import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.tables.PositionList;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Which node holds which shard. One is free when nobody holds it or its holder was given up. */
final class CursorTable {
  /** One that is beyond the end of the log would skip what comes next. */
  private static final String TAKE =
      """
      WITH free AS MATERIALIZED (
        SELECT c.shard, c.next FROM cursor c
        WHERE c.subscription = ? AND NOT c.shard = ANY (?)
          AND (c.owner IS NULL OR c.owner = ?
            OR NOT EXISTS (SELECT FROM node n WHERE n.id = c.owner AND NOT n.given_up))
        ORDER BY c.shard LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE cursor SET owner = ?, epoch = epoch + 1, written = 0,
        next = least(cursor.next, (SELECT head.next FROM head))
      FROM free WHERE cursor.subscription = ? AND cursor.shard = free.shard
      RETURNING cursor.shard, epoch, touched, cursor.next, unfinished, free.next""";

  private static final String MINE =
      "SELECT subscription, shard, epoch, touched FROM cursor WHERE owner = ?";

  private static final String FREE =
      "UPDATE cursor SET owner = NULL WHERE subscription = ? AND shard = ? AND owner = ? AND epoch = ?";

  private CursorTable() {}

  /**
   * A shard that this node has taken.
   *
   * @param was where it was before: beyond the cursor when that was beyond the end of the log
   */
  record Taken(int shard, long epoch, long touched, StoredCursor cursor, long was) {
    private static Taken of(ResultSet row) throws SQLException {
      long next = row.getLong(4);
      List<Long> unfinished =
          PositionList.decode(row.getBytes(5)).stream().filter(each -> each < next).toList();
      return new Taken(
          row.getInt(1),
          row.getLong(2),
          row.getLong(3),
          new StoredCursor(next, unfinished),
          row.getLong(6));
    }

    boolean wasBeyondTheEnd() {
      return was > cursor.next();
    }
  }

  /** A shard that is this node's, according to the database. */
  record Mine(long subscription, int shard, long epoch, long touched) {}

  /**
   * Takes shards that are free.
   *
   * @param not shards that are held already or must not be taken now
   * @param most how many at most
   */
  static List<Taken> take(
      Connection connection, long node, long subscription, List<Integer> not, int most)
      throws SQLException {
    Array shards = connection.createArrayOf("int", not.toArray());
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setLong(1, subscription);
      take.setArray(2, shards);
      take.setLong(3, node);
      take.setInt(4, most);
      take.setLong(5, node);
      take.setLong(6, subscription);
      List<Taken> taken = new ArrayList<>();
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          taken.add(Taken.of(row));
        }
      }
      return taken;
    }
  }

  /** Frees a shard that is this node's but does not run. */
  static void free(Connection connection, long node, Mine mine) throws SQLException {
    try (PreparedStatement free = connection.prepareStatement(FREE)) {
      free.setLong(1, mine.subscription());
      free.setInt(2, mine.shard());
      free.setLong(3, node);
      free.setLong(4, mine.epoch());
      free.executeUpdate();
    }
  }

  static List<Mine> mine(Connection connection, long node) throws SQLException {
    try (PreparedStatement mine = connection.prepareStatement(MINE)) {
      mine.setLong(1, node);
      List<Mine> found = new ArrayList<>();
      try (ResultSet row = mine.executeQuery()) {
        while (row.next()) {
          found.add(new Mine(row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4)));
        }
      }
      return found;
    }
  }
}

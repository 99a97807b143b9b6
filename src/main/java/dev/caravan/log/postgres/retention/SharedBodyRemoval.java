package dev.caravan.log.postgres.retention;

import dev.caravan.log.postgres.shards.DueChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One small step of retention: deletes the oldest bodies and their attempts; marks of completed
 * ones stay. Those that a subscription has not finished become its dead letters in the same
 * transaction; for an idle one, whose filter is unknown, only its retries and replays. It stops
 * before a body that a subscription between two runs has yet to run.
 */
final class SharedBodyRemoval {
  private static final int AT_ONCE = 200;

  private static final String OLDEST =
      """
      SELECT d.position, d.received_at, d.shard, d.kind, d.repository, d.differs_from IS NULL,
        c.bytes
      FROM (SELECT position, octet_length(bytes) AS bytes FROM content
          WHERE NOT EXISTS (SELECT FROM restored r WHERE r.position = content.position)
          ORDER BY position LIMIT ?) AS c JOIN delivery d USING (position) ORDER BY d.position""";

  private static final String RESTORED =
      """
      SELECT d.position, r.received_at, d.shard, d.kind, d.repository, d.differs_from IS NULL,
        octet_length(c.bytes)
      FROM restored r JOIN delivery d USING (position) JOIN content c USING (position)
      WHERE r.received_at < ? ORDER BY d.position LIMIT ?""";

  private static final String BYTES = "SELECT content_bytes FROM head";

  private static final String MARK =
      """
      INSERT INTO completed (position, subscription, at)
      SELECT position, subscription, max(started_at + took) FROM attempt
      WHERE position = ANY (?) AND error IS NULL GROUP BY position, subscription
      ON CONFLICT (position, subscription) DO UPDATE SET at = excluded.at""";

  private static final List<String> REMOVE =
      List.of(
          "DELETE FROM attempt WHERE position = ANY (?)",
          "DELETE FROM restored WHERE position = ANY (?)");

  /** The log's head is locked last, only for the time of the commit. */
  private static final String REMOVE_CONTENT =
      """
      WITH gone AS (
        DELETE FROM content WHERE position = ANY (?) RETURNING octet_length(bytes) AS bytes)
      UPDATE head SET content_bytes = greatest(0,
        content_bytes - (SELECT coalesce(sum(bytes), 0) FROM gone))""";

  private final Connection connection;
  private final SharedExpiry expiry;

  SharedBodyRemoval(Connection connection, SharedExpiry expiry) {
    this.connection = connection;
    this.expiry = expiry;
  }

  /**
   * What a step has done.
   *
   * @param newest when the newest of the deleted bodies was received
   * @param expired dead letters by subscription
   */
  record Done(int removed, long newest, Map<String, Integer> expired, DueChanges changes) {}

  /**
   * Deletes some.
   *
   * @param before bodies received before this may go, in milliseconds since 1970
   * @param bytes while the log holds more than this, newer ones may go too
   */
  Done run(long before, long bytes) throws SQLException {
    long tooMany = bytesKept() - bytes;
    long age = tooMany > 0 ? Long.MAX_VALUE : before;
    List<GoingBody> going = expiry.wantedByNone(oldEnough(read(OLDEST, AT_ONCE), before, tooMany));
    if (going.isEmpty()) {
      going = expiry.wantedByNone(oldEnough(read(RESTORED, age, AT_ONCE), before, tooMany));
    }
    if (going.isEmpty()) {
      return new Done(0, 0, Map.of(), new DueChanges());
    }
    Map<String, Integer> expired = expiry.expire(going);
    Object[] positions = going.stream().map(GoingBody::position).toArray();
    update(MARK, positions);
    for (String sql : REMOVE) {
      update(sql, positions);
    }
    update(REMOVE_CONTENT, positions);
    long newest = going.stream().mapToLong(GoingBody::receivedAt).max().orElse(0);
    return new Done(going.size(), newest, expired, expiry.changes());
  }

  private long bytesKept() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BYTES);
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** The first ones, as long as they are too old or there are still too many bytes. */
  private static List<GoingBody> oldEnough(List<GoingBody> oldest, long before, long tooMany) {
    int old = 0;
    long bytes = 0;
    while (old < oldest.size() && (oldest.get(old).receivedAt() < before || bytes < tooMany)) {
      bytes += oldest.get(old).bytes();
      old++;
    }
    return oldest.subList(0, old);
  }

  private List<GoingBody> read(String sql, long... values) throws SQLException {
    List<GoingBody> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int index = 0; index < values.length; index++) {
        select.setLong(index + 1, values[index]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new GoingBody(
                  row.getLong(1),
                  row.getLong(2),
                  row.getInt(3),
                  row.getInt(4),
                  row.getString(5),
                  row.getBoolean(6),
                  row.getLong(7)));
        }
      }
    }
    return found;
  }

  private void update(String sql, Object[] positions) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setArray(1, connection.createArrayOf("int8", positions));
      update.executeUpdate();
    }
  }
}

package dev.caravan.log.postgres.history;

import dev.caravan.log.postgres.shards.ShardCursor;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Backlog;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.EventTypes;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what a subscription has yet to run for the first time, over all its shards. */
final class SharedBacklog {
  /**
   * By repository: there are few, and a glob costs no more. Pairs are compared in order to read
   * each shard from the index of shards, from the subscription's cursor on: for a shard with few
   * deliveries, the other index is as long as the log.
   */
  private static final String UNREAD =
      """
      SELECT c.shard, d.repository, count(*), min(d.position)
      FROM unnest(?::smallint[], ?::bigint[]) AS c (shard, next) CROSS JOIN LATERAL (
        SELECT repository, position FROM delivery
        WHERE (shard, position) >= (c.shard, c.next)
          AND (shard, position) <= (c.shard, 9223372036854775807) AND differs_from IS NULL%s
        ORDER BY shard, position LIMIT ?) AS d
      GROUP BY c.shard, d.repository""";

  private static final String OF_KINDS = " AND kind = ANY (?)";

  private final Map<Integer, ShardCursor> cursors;
  private final EventFilter filter;
  private final EventTypes kinds;

  SharedBacklog(Map<Integer, ShardCursor> cursors, EventFilter filter, EventTypes kinds) {
    this.cursors = cursors;
    this.filter = filter;
    this.kinds = kinds;
  }

  /** How many of a shard were looked at, and how many of those are wanted. */
  private static final class Counted {
    private long looked;
    private long wanted;
  }

  /**
   * Reads it.
   *
   * @param most how many deliveries to look at in all; for a shard with more than its share of
   *     them, all that are ahead count, estimated and whether wanted or not
   */
  Backlog read(DeliveryReader reader, long most) throws SQLException {
    long mostOfShard = Math.max(1, most / Math.max(1, cursors.size()));
    Map<Integer, Counted> counted = new HashMap<>();
    long oldest = Long.MAX_VALUE;
    try (PreparedStatement statement = unread(reader, mostOfShard);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        Counted shard = counted.computeIfAbsent(row.getInt(1), any -> new Counted());
        shard.looked += row.getLong(3);
        if (filter.repository() == null || filter.wantsRepository(row.getString(2))) {
          shard.wanted += row.getLong(3);
          oldest = Math.min(oldest, row.getLong(4));
        }
      }
    }
    long deliveries = 0;
    for (Map.Entry<Integer, Counted> shard : counted.entrySet()) {
      ShardCursor cursor = cursors.get(shard.getKey());
      boolean hasMore = cursor != null && shard.getValue().looked >= mostOfShard;
      deliveries += hasMore ? ahead(cursor, reader) : shard.getValue().wanted;
      oldest = hasMore ? Math.min(oldest, cursor.next()) : oldest;
    }
    for (ShardCursor cursor : cursors.values()) {
      deliveries += cursor.unfinished().size();
      oldest = cursor.unfinished().isEmpty() ? oldest : Math.min(oldest, cursor.firstAhead());
    }
    return Backlog.of(deliveries, oldest, reader);
  }

  private PreparedStatement unread(DeliveryReader reader, long mostOfShard) throws SQLException {
    List<Integer> wanted = kinds.wanted(filter);
    PreparedStatement statement = reader.prepare(UNREAD.formatted(wanted == null ? "" : OF_KINDS));
    statement.setArray(1, array(statement, "int2", cursors.keySet().toArray()));
    statement.setArray(
        2, array(statement, "int8", cursors.values().stream().map(ShardCursor::next).toArray()));
    if (wanted != null) {
      statement.setArray(3, array(statement, "int4", wanted.toArray()));
    }
    statement.setLong(wanted == null ? 3 : 4, mostOfShard);
    return statement;
  }

  private static Array array(PreparedStatement statement, String type, Object[] values)
      throws SQLException {
    return statement.getConnection().createArrayOf(type, values);
  }

  /** How many positions ahead of a cursor are in its shard, if all shards have as many. */
  private long ahead(ShardCursor cursor, DeliveryReader reader) throws SQLException {
    return (ShardReading.head(reader) - cursor.next()) / cursors.size();
  }
}

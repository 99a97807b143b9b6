package dev.caravan.log.postgres.shards;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.tables.EnvelopeRow;
import dev.caravan.log.tables.EventTypes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What dispatching reads: deliveries in the order of their positions, and what is due. */
public final class ShardReading {
  private static final String OF_SHARD =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + " FROM delivery d WHERE d.shard = ? AND d.position >= ? AND d.position < ?"
          + " AND d.differs_from IS NULL ORDER BY d.position LIMIT ?";
  private static final String AT =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + " FROM delivery d WHERE d.position = ANY (?) AND d.differs_from IS NULL ORDER BY d.position";
  private static final String OF_ALL =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + ", d.shard FROM delivery d WHERE d.position >= ? AND d.position < ?"
          + " AND d.differs_from IS NULL ORDER BY d.position";
  private static final String DUE =
      "SELECT "
          + EnvelopeRow.COLUMNS
          + ", u.attempts, u.due_at, a.position IS NOT NULL"
          + " FROM due u JOIN delivery d USING (position)"
          + " LEFT JOIN again a ON a.subscription = u.subscription AND a.position = u.position"
          + " WHERE u.subscription = ? AND u.shard = ? AND ";
  private static final String OVERDUE = DUE + "u.due_at <= ? ORDER BY u.due_at, u.position LIMIT ?";
  private static final String LATE =
      DUE + "u.due_at > ? AND u.attempts > 0 ORDER BY u.due_at, u.position LIMIT ?";
  private static final String HOLDING =
      DUE + "(u.attempts > 0 OR u.due_at = 0) ORDER BY u.position";
  private static final String NEXT =
      "SELECT min(due_at) FROM due WHERE subscription = ? AND shard = ? AND due_at > ?";

  private static final String IS_DEAD_LETTER =
      "SELECT 1 FROM dead_letter WHERE subscription = ? AND position = ?";

  private ShardReading() {}

  /** Deliveries of a shard, from one position to before another. */
  public static List<Envelope> ofShard(
      DeliveryReader reader, EventTypes types, int shard, long from, long to, int most)
      throws SQLException {
    try (PreparedStatement select = reader.prepare(OF_SHARD)) {
      select.setInt(1, shard);
      select.setLong(2, from);
      select.setLong(3, to);
      select.setInt(4, most);
      return envelopes(select, types);
    }
  }

  /** The same for all shards, by shard. */
  public static Map<Integer, List<Envelope>> ofAll(
      DeliveryReader reader, EventTypes types, long from, long to) throws SQLException {
    try (PreparedStatement select = reader.prepare(OF_ALL)) {
      select.setLong(1, from);
      select.setLong(2, to);
      Map<Integer, List<Envelope>> found = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found
              .computeIfAbsent(row.getInt(9), any -> new ArrayList<>())
              .add(EnvelopeRow.read(row, types));
        }
      }
      return found;
    }
  }

  /** The deliveries at these positions, except forgotten ones, in order. */
  public static List<Envelope> at(DeliveryReader reader, EventTypes types, List<Long> positions)
      throws SQLException {
    try (PreparedStatement select = reader.prepare(AT)) {
      select.setArray(1, select.getConnection().createArrayOf("int8", positions.toArray()));
      return envelopes(select, types);
    }
  }

  private static List<Envelope> envelopes(PreparedStatement select, EventTypes types)
      throws SQLException {
    List<Envelope> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(EnvelopeRow.read(row, types));
      }
    }
    return found;
  }

  /**
   * What is due of a shard.
   *
   * @param again positions of it that were sent again since they became due
   */
  public record Due(DueBatch batch, Set<Long> again) {}

  public static Due due(
      DeliveryReader reader,
      EventTypes types,
      HeldShard held,
      ReadRequest request,
      long now,
      int most)
      throws SQLException {
    Set<Long> again = new HashSet<>();
    List<DueBatch.Row> overdue =
        new ArrayList<>(rows(reader, types, OVERDUE, again, held, now, (long) most));
    if (request.furthest() != Long.MAX_VALUE) {
      overdue.addAll(
          rows(reader, types, LATE, again, held, request.furthest(), (long) most - overdue.size()));
    }
    List<DueBatch.Row> holding =
        request.holding() ? rows(reader, types, HOLDING, again, held) : List.of();
    boolean more = overdue.size() == most;
    return new Due(
        new DueBatch(overdue, holding, more ? now : next(reader, held, now), now), again);
  }

  private static List<DueBatch.Row> rows(
      DeliveryReader reader,
      EventTypes types,
      String sql,
      Set<Long> again,
      HeldShard held,
      long... values)
      throws SQLException {
    try (PreparedStatement select = reader.prepare(sql)) {
      select.setLong(1, held.subscription());
      select.setInt(2, held.shard());
      for (int index = 0; index < values.length; index++) {
        select.setLong(index + 3, values[index]);
      }
      List<DueBatch.Row> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new DueBatch.Row(EnvelopeRow.read(row, types), row.getInt(9), row.getLong(10)));
          if (row.getBoolean(11)) {
            again.add(row.getLong(1));
          }
        }
      }
      return found;
    }
  }

  private static long next(DeliveryReader reader, HeldShard held, long now) throws SQLException {
    try (PreparedStatement select = reader.prepare(NEXT)) {
      select.setLong(1, held.subscription());
      select.setInt(2, held.shard());
      select.setLong(3, now);
      try (ResultSet row = select.executeQuery()) {
        long next = row.next() ? row.getLong(1) : 0;
        return next == 0 ? Long.MAX_VALUE : next;
      }
    }
  }

  /** Whether this subscription has given it up, on whatever node. */
  public static boolean isDeadLetter(DeliveryReader reader, long subscription, long position)
      throws SQLException {
    try (PreparedStatement select = reader.prepare(IS_DEAD_LETTER)) {
      select.setLong(1, subscription);
      select.setLong(2, position);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** The position of the next delivery. */
  public static long head(DeliveryReader reader) throws SQLException {
    try (PreparedStatement select = reader.prepare("SELECT next FROM head");
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("The log has lost its head");
      }
      return row.getLong(1);
    }
  }

  /** Removes their marks: a redelivery from before an attempt does not change how that ends. */
  public static void answer(DeliveryReader reader, HeldShard held, Set<Long> positions)
      throws SQLException {
    try (PreparedStatement delete =
        reader.prepare("DELETE FROM again WHERE subscription = ? AND position = ?")) {
      for (long position : positions) {
        delete.setLong(1, held.subscription());
        delete.setLong(2, position);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }
}

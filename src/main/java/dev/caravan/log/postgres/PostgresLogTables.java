package dev.caravan.log.postgres;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Refusal;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.postgres.database.ServerCheck;
import dev.caravan.log.postgres.shards.ShardCursor;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.tables.CopiedTable;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.LogTables;
import dev.caravan.log.tables.PositionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables of a shared log that no node uses, to copy a log from or into them. */
public final class PostgresLogTables implements LogTables {
  private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(10);

  private static final String CURSORS =
      "SELECT subscription, shard, next, unfinished FROM cursor ORDER BY subscription, shard";

  private static final String AHEAD =
      """
      SELECT position FROM delivery
      WHERE shard = ? AND position >= ? AND position < ? AND differs_from IS NULL""";

  private static final String WRITE_CURSOR =
      """
      INSERT INTO cursor (subscription, shard, next, unfinished) VALUES (?, ?, ?, ?)
      ON CONFLICT (subscription, shard)
        DO UPDATE SET next = excluded.next, unfinished = excluded.unfinished""";

  private static final List<String> FINISH =
      List.of(
          "UPDATE head SET content_bytes = (SELECT coalesce(sum(octet_length(bytes)), 0) FROM content)",
          "SELECT setval(pg_get_serial_sequence('kind', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM kind), false)",
          "SELECT setval(pg_get_serial_sequence('subscription', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM subscription), false)",
          // Otherwise the server would plan for empty tables for a minute.
          "ANALYZE delivery, content, restored, due, dead_letter, attempt, completed, stretch");

  private final PostgresPlace place;
  private final Connection connection;

  private PostgresLogTables(PostgresPlace place, Connection connection) {
    this.place = place;
    this.connection = connection;
  }

  /**
   * Opens the log, and makes missing tables.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be used, or a node
   *     uses it
   */
  public static PostgresLogTables open(PostgresPlace place) {
    try {
      Connection connection = new Database(place).open(LONGEST_STATEMENT);
      try {
        ServerCheck unused = ServerCheck.of(connection, place);
        Schema.prepare(connection, place);
        connection.setAutoCommit(false);
        UnfinishedCopy.refuseWhenInUse(connection, place);
        return new PostgresLogTables(place, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(Refusal.sentence(e, place), e);
    }
  }

  @Override
  public String name() {
    return place.toString();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public void begin() throws SQLException {
    UnfinishedCopy.begins(connection);
  }

  @Override
  public void end() throws SQLException {
    UnfinishedCopy.ends(connection);
  }

  @Override
  public void refuseWhenUnfinished() throws SQLException {
    UnfinishedCopy.refuse(connection, place);
  }

  @Override
  public void refuseWhenInUse() throws SQLException {
    UnfinishedCopy.refuseWhenInUse(connection, place);
  }

  @Override
  public long unfinishedReplays() throws SQLException {
    return number("SELECT count(*) FROM replay WHERE state = 'RUNNING'");
  }

  @Override
  public String insert(CopiedTable table) {
    String shard =
        switch (table) {
          case DELIVERY -> ", ?";
          case DUE -> ", (SELECT shard FROM delivery WHERE position = ?)";
          default -> "";
        };
    boolean hasIdentity = table == CopiedTable.KIND || table == CopiedTable.SUBSCRIPTION;
    return "INSERT INTO %s (%s%s)%s VALUES (%s%s) ON CONFLICT %s"
        .formatted(
            table.sql(),
            table.names(),
            shard.isEmpty() ? "" : ", shard",
            hasIdentity ? " OVERRIDING SYSTEM VALUE" : "",
            String.join(", ", Collections.nCopies(table.columns().size(), "?")),
            shard,
            table == CopiedTable.SUBSCRIPTION
                ? "(id) DO UPDATE SET paused = excluded.paused"
                : "DO NOTHING");
  }

  @Override
  public void add(CopiedTable table, PreparedStatement insert, int index, @Nullable Object[] row)
      throws SQLException {
    if (table == CopiedTable.DELIVERY) {
      insert.setInt(index, shard(row));
    } else if (table == CopiedTable.DUE) {
      insert.setObject(index, row[table.index("position")]);
    }
  }

  private static int shard(@Nullable Object[] row) {
    byte[] guid = (byte[]) row[CopiedTable.DELIVERY.index("guid")];
    Delivery.Subject subject =
        new Delivery.Subject(
            null,
            (String) row[CopiedTable.DELIVERY.index("repository")],
            (String) row[CopiedTable.DELIVERY.index("organization")],
            (String) row[CopiedTable.DELIVERY.index("installation")],
            null,
            null);
    return Shards.of(subject, guid == null ? "" : Guids.decode(guid));
  }

  @Override
  public long next() throws SQLException {
    return number("SELECT next FROM head");
  }

  private long number(String sql) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 1;
    }
  }

  /** The furthest shard gives the position; what others have yet to run before it is unfinished. */
  @Override
  public Map<Long, StoredCursor> cursors() throws SQLException {
    Map<Long, Map<Integer, ShardCursor>> shards = new LinkedHashMap<>();
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(CURSORS)) {
      while (row.next()) {
        shards
            .computeIfAbsent(row.getLong(1), any -> new TreeMap<>())
            .put(
                row.getInt(2),
                new ShardCursor(
                    row.getLong(3), new TreeSet<>(PositionList.decode(row.getBytes(4)))));
      }
    }
    Map<Long, StoredCursor> cursors = new LinkedHashMap<>();
    for (Map.Entry<Long, Map<Integer, ShardCursor>> each : shards.entrySet()) {
      cursors.put(each.getKey(), together(each.getValue()));
    }
    return cursors;
  }

  private StoredCursor together(Map<Integer, ShardCursor> shards) throws SQLException {
    long next = shards.values().stream().mapToLong(ShardCursor::next).max().orElse(1);
    TreeSet<Long> unfinished = new TreeSet<>();
    try (PreparedStatement select = connection.prepareStatement(AHEAD)) {
      for (Map.Entry<Integer, ShardCursor> each : shards.entrySet()) {
        unfinished.addAll(each.getValue().unfinished());
        select.setInt(1, each.getKey());
        select.setLong(2, each.getValue().next());
        select.setLong(3, next);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            unfinished.add(row.getLong(1));
          }
        }
      }
    }
    return new StoredCursor(next, List.copyOf(unfinished));
  }

  @Override
  public void finish(long next, Map<Long, StoredCursor> cursors) throws SQLException {
    try (PreparedStatement write = connection.prepareStatement(WRITE_CURSOR);
        PreparedStatement head = connection.prepareStatement("UPDATE head SET next = ?");
        Statement others = connection.createStatement()) {
      for (Map.Entry<Long, StoredCursor> each : cursors.entrySet()) {
        Map<Integer, List<Long>> unfinished = byShard(each.getValue().unfinished());
        for (int shard = 0; shard < Shards.COUNT; shard++) {
          write.setLong(1, each.getKey());
          write.setInt(2, shard);
          write.setLong(3, each.getValue().next());
          write.setBytes(4, PositionList.encode(unfinished.getOrDefault(shard, List.of())));
          write.addBatch();
        }
      }
      write.executeBatch();
      head.setLong(1, next);
      head.executeUpdate();
      for (String sql : FINISH) {
        others.execute(sql);
      }
    }
  }

  private Map<Integer, List<Long>> byShard(List<Long> positions) throws SQLException {
    Map<Integer, List<Long>> shards = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT shard, position FROM delivery WHERE position = ANY (?) ORDER BY position")) {
      select.setArray(1, connection.createArrayOf("int8", positions.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          shards.computeIfAbsent(row.getInt(1), any -> new ArrayList<>()).add(row.getLong(2));
        }
      }
    }
    return shards;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

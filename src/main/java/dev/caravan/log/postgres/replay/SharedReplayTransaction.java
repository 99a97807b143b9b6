package dev.caravan.log.postgres.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.postgres.shards.CursorLocks;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.replay.ReplayStore.MadeDue;
import dev.caravan.log.replay.ReplayStore.ReplayTransaction;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.replay.ScheduledRow;
import dev.caravan.log.state.Subscriptions.Standing;
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
 * A transaction of a replay. It first reads all it must know about its deliveries, and writes
 * everything at once: owners of cursors wait no longer for it than for others.
 */
final class SharedReplayTransaction implements ReplayTransaction {
  private static final String SHARDS =
      "SELECT position, shard FROM delivery WHERE position = ANY (?)";

  private static final String DUE =
      """
      SELECT subscription, position, attempts FROM due
      WHERE subscription = ANY (?) AND position = ANY (?)""";

  private static final String DEAD =
      """
      SELECT subscription, position FROM dead_letter
      WHERE subscription = ANY (?) AND position = ANY (?)""";

  /** The subscriptions whose retries hold up their lanes, according to live nodes. */
  private static final String STRICT =
      """
      SELECT r.subscription FROM runs r JOIN node n ON n.id = r.node
      WHERE r.strict AND n.expires_at > clock_timestamp()""";

  private final Connection connection;
  private final ReplayTable table;
  private final long replay;
  private final DueWriter writer;
  private final DueChanges changes = new DueChanges();
  private final Map<Long, Integer> shards = new HashMap<>();
  private final CursorLocks cursors;
  private final Map<Of, Integer> due = new HashMap<>();
  private final Set<Of> dead = new HashSet<>();
  private final List<ScheduledRow> made = new ArrayList<>();
  private final boolean mayGoOn;

  /**
   * @param replay its number
   * @param node the node that must still have the replay
   */
  SharedReplayTransaction(
      Connection connection,
      long replay,
      long node,
      List<ReplayTarget> targets,
      List<Long> positions)
      throws SQLException {
    this.connection = connection;
    this.table = new ReplayTable(connection);
    this.replay = replay;
    this.writer = new DueWriter(connection, strict(connection));
    this.mayGoOn = table.isMine(replay, node);
    Object[] subscriptions = targets.stream().map(ReplayTarget::id).toArray();
    Object[] of = positions.toArray();
    read(SHARDS, of, row -> shards.put(row.getLong(1), row.getInt(2)));
    this.cursors =
        CursorLocks.take(
            connection,
            targets.stream().map(ReplayTarget::id).toList(),
            new TreeSet<>(shards.values()));
    read(DUE, subscriptions, of, row -> due.put(Of.row(row), row.getInt(3)));
    read(DEAD, subscriptions, of, row -> dead.add(Of.row(row)));
  }

  private static Set<Long> strict(Connection connection) throws SQLException {
    Set<Long> found = new TreeSet<>();
    try (PreparedStatement statement = connection.prepareStatement(STRICT)) {
      read(statement, row -> found.add(row.getLong(1)));
    }
    return found;
  }

  private record Of(long subscription, long position) {
    static Of row(ResultSet row) throws SQLException {
      return new Of(row.getLong(1), row.getLong(2));
    }
  }

  @FunctionalInterface
  private interface Rows {
    void add(ResultSet row) throws SQLException;
  }

  private void read(String sql, Object[] positions, Rows rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("int8", positions));
      read(statement, rows);
    }
  }

  private void read(String sql, Object[] subscriptions, Object[] positions, Rows rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("int8", subscriptions));
      statement.setArray(2, connection.createArrayOf("int8", positions));
      read(statement, rows);
    }
  }

  private static void read(PreparedStatement statement, Rows rows) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(row);
      }
    }
  }

  @Override
  public long now() throws SQLException {
    return SharedTime.now(connection);
  }

  @Override
  public boolean mayGoOn() {
    return mayGoOn;
  }

  @Override
  public Standing of(ReplayTarget target, long position) {
    Integer shard = shards.get(position);
    return shard == null || cursors.isAhead(target.id(), shard, position)
        ? Standing.WAITING
        : Standing.FREE;
  }

  @Override
  public MadeDue makeDue(ReplayTarget target, long position, long dueAt) {
    Of of = new Of(target.id(), position);
    Integer attempts = due.get(of);
    boolean wasDead = dead.contains(of);
    int shard = shards.getOrDefault(position, 0);
    ScheduledRow row = new ScheduledRow(target, position, dueAt, wasDead);
    writer.add(row, shard);
    changes.add(target.id(), shard);
    if (attempts == null) {
      made.add(row);
    }
    return new MadeDue(attempts != null && attempts == 0, attempts == null ? row : null);
  }

  /** Does nothing: any node takes back, with {@link ReplayTakeBack}. */
  @Override
  public boolean takeBack(ScheduledRow row) {
    return false;
  }

  @Override
  public void reached(long position, ReplayProgress progress) throws SQLException {
    writer.write();
    cursors.touch(changes.shards());
    table.scheduled(replay, made);
    table.reached(replay, position, progress);
  }

  /** The shards whose due rows were changed. */
  DueChanges changes() {
    return changes;
  }
}

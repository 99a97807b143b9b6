package dev.caravan.log.postgres.history;

import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.shards.ShardCursor;
import dev.caravan.log.postgres.shards.ShardCursors;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.LogState;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.PositionList;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of the log according to the database, the same on every node: a subscription runs if a
 * live node says that it runs it, and its progress is its cursors'.
 */
public final class SharedState implements LogState {
  private static final String LATE =
      "SELECT late FROM head WHERE late_to > (SELECT min(position) FROM delivery)";

  private static final String CURSORS =
      """
      SELECT s.id, s.name, s.paused, c.shard, c.next, c.unfinished
      FROM subscription s JOIN cursor c ON c.subscription = s.id ORDER BY s.name, c.shard""";

  /**
   * While nodes run different versions of a route, the node that joined last says what it wants.
   */
  private static final String RUNS =
      """
      SELECT r.subscription, r.events, r.repository, r.strict, r.in_work, r.last_error,
        r.last_error_at
      FROM runs r JOIN node n ON n.id = r.node
      WHERE n.expires_at > clock_timestamp() ORDER BY n.id""";

  private final Kinds kinds;

  public SharedState(Kinds kinds) {
    this.kinds = kinds;
  }

  /** Also reads the kinds of events up to that end. */
  @Override
  public long end(DeliveryReader reader) throws SQLException {
    long end = ShardReading.head(reader);
    kinds.refresh();
    return end;
  }

  /** Not zero when nodes have kept deliveries on their disks. */
  @Override
  public Duration longestDelay(DeliveryReader reader) throws SQLException {
    try (PreparedStatement select = reader.prepare(LATE);
        ResultSet row = select.executeQuery()) {
      return row.next() ? Duration.ofMillis(row.getLong(1)) : Duration.ZERO;
    }
  }

  @Override
  public Subscriptions subscriptions(DeliveryReader reader) throws SQLException {
    Map<String, ShardCursors> cursors = cursors(reader);
    Map<Long, LiveRun> runs = runs(reader);
    Map<String, Subscriptions.Running> running = new LinkedHashMap<>();
    cursors.forEach(
        (name, each) -> {
          LiveRun run = runs.get(each.subscription());
          if (run != null) {
            running.put(name, new SharedSubscription(each, run, kinds.types(), reader));
          }
        });
    return new Snapshot(running);
  }

  private record Snapshot(Map<String, Subscriptions.Running> running) implements Subscriptions {
    @Override
    public @Nullable Running find(String name) {
      return running.get(name);
    }

    @Override
    public List<Running> open() {
      return List.copyOf(running.values());
    }
  }

  /** The progress of each subscription, by its name. */
  public static Map<String, ShardCursors> cursors(DeliveryReader reader) throws SQLException {
    Map<String, ShardCursors> found = new LinkedHashMap<>();
    try (PreparedStatement statement = reader.prepare(CURSORS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        String name = row.getString(2);
        ShardCursors cursors = found.get(name);
        if (cursors == null) {
          cursors =
              new ShardCursors(row.getLong(1), name, row.getBoolean(3), new LinkedHashMap<>());
          found.put(name, cursors);
        }
        cursors
            .of()
            .put(
                row.getInt(4),
                new ShardCursor(
                    row.getLong(5), new TreeSet<>(PositionList.decode(row.getBytes(6)))));
      }
    }
    return found;
  }

  private static Map<Long, LiveRun> runs(DeliveryReader reader) throws SQLException {
    Map<Long, LiveRun> runs = new LinkedHashMap<>();
    try (PreparedStatement statement = reader.prepare(RUNS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        long failedAt = row.getLong(7);
        Subscriptions.Failure last =
            row.wasNull()
                ? null
                : new Subscriptions.Failure(row.getString(6), Instant.ofEpochMilli(failedAt));
        runs.merge(
            row.getLong(1),
            new LiveRun(
                EventFilter.parse(Objects.requireNonNull(row.getString(2)), row.getString(3)),
                row.getBoolean(4),
                row.getInt(5),
                last),
            LiveRun::and);
      }
    }
    return runs;
  }
}

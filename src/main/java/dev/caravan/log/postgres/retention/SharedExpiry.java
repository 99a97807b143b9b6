package dev.caravan.log.postgres.retention;

import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.postgres.shards.CursorLocks;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.ShardCursor;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.PositionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expires what subscriptions have not finished when bodies are deleted. For one transaction. */
final class SharedExpiry {
  /** One that no node has run for this long is idle and keeps no bodies, if a node was there. */
  private static final String IDLE_AFTER = "interval '5 minutes'";

  private static final String SUBSCRIPTIONS =
      """
      SELECT s.id, s.name, s.last_run_at < clock_timestamp() - %1$s AND EXISTS (
          SELECT FROM node n WHERE n.started_at < clock_timestamp() - %1$s
            AND n.expires_at > clock_timestamp()), r.events, r.repository
      FROM subscription s LEFT JOIN LATERAL (
        SELECT events, repository FROM runs JOIN node n ON n.id = runs.node
        WHERE runs.subscription = s.id AND n.expires_at > clock_timestamp()
        ORDER BY n.id DESC LIMIT 1) AS r ON true"""
          .formatted(IDLE_AFTER);

  private static final String DUE =
      """
      SELECT subscription, position, attempts FROM due
      WHERE subscription = ANY (?) AND position = ANY (?)""";

  private static final String DEAD =
      """
      INSERT INTO dead_letter (subscription, position, attempts, since, error)
      SELECT subscription, position, attempts, %s, ?
      FROM unnest(?::bigint[], ?::bigint[], ?::int[]) AS g (subscription, position, attempts)
      ON CONFLICT (subscription, position) DO UPDATE SET attempts = excluded.attempts,
        since = excluded.since, error = excluded.error"""
          .formatted(SharedTime.NOW);

  private static final String NOT_DUE =
      """
      DELETE FROM due u USING unnest(?::bigint[], ?::bigint[]) AS g (subscription, position)
      WHERE u.subscription = g.subscription AND u.position = g.position""";

  private static final String PASS =
      "UPDATE cursor SET unfinished = ? WHERE subscription = ? AND shard = ?";

  private final Connection connection;
  private final EventTypes kinds;
  private final DueChanges changes = new DueChanges();
  private final List<Known> subscriptions;
  private @Nullable CursorLocks cursors;
  private final Map<Of, Integer> due = new HashMap<>();

  SharedExpiry(Connection connection, EventTypes kinds) throws SQLException {
    this.connection = connection;
    this.kinds = kinds;
    this.subscriptions = subscriptions();
  }

  /**
   * A subscription.
   *
   * @param filter null when it does not run
   */
  private record Known(long id, String name, boolean idle, @Nullable EventFilter filter) {
    boolean isBetweenTwoRuns() {
      return filter == null && !idle;
    }
  }

  private record Of(long subscription, long position) {}

  private List<Known> subscriptions() throws SQLException {
    List<Known> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SUBSCRIPTIONS);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String events = row.getString(4);
        found.add(
            new Known(
                row.getLong(1),
                row.getString(2),
                row.getBoolean(3),
                events == null ? null : EventFilter.parse(events, row.getString(5))));
      }
    }
    return found;
  }

  /** Those before the first one that a subscription between two runs may want. */
  List<GoingBody> wantedByNone(List<GoingBody> going) throws SQLException {
    if (going.isEmpty()) {
      return going;
    }
    lock(going);
    for (int index = 0; index < going.size(); index++) {
      GoingBody each = going.get(index);
      for (Known known : subscriptions) {
        if (known.isBetweenTwoRuns()
            && (due.containsKey(new Of(known.id(), each.position()))
                || (each.runs() && isAhead(known, each)))) {
          return going.subList(0, index);
        }
      }
    }
    return going;
  }

  private void lock(Collection<GoingBody> going) throws SQLException {
    List<Long> ids = subscriptions.stream().map(Known::id).toList();
    Set<Integer> shards =
        going.stream().map(GoingBody::shard).collect(Collectors.toCollection(TreeSet::new));
    cursors = CursorLocks.take(connection, ids, shards);
    due.clear();
    try (PreparedStatement select = connection.prepareStatement(DUE)) {
      select.setArray(1, connection.createArrayOf("int8", ids.toArray()));
      select.setArray(
          2, connection.createArrayOf("int8", going.stream().map(GoingBody::position).toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          due.put(new Of(row.getLong(1), row.getLong(2)), row.getInt(3));
        }
      }
    }
  }

  private boolean isAhead(Known known, GoingBody going) {
    return cursors != null && cursors.isAhead(known.id(), going.shard(), going.position());
  }

  /** Makes dead letters of what is not finished; returns their number by subscription. */
  Map<String, Integer> expire(List<GoingBody> going) throws SQLException {
    Map<String, Integer> expired = new TreeMap<>();
    Map<CursorLocks.Shard, Set<Long>> passed = new HashMap<>();
    List<Of> dead = new ArrayList<>();
    for (Known known : subscriptions) {
      for (GoingBody each : going) {
        boolean isAhead =
            known.filter() != null
                && each.runs()
                && isAhead(known, each)
                && wants(known.filter(), each);
        Of of = new Of(known.id(), each.position());
        if (isAhead || due.containsKey(of)) {
          dead.add(of);
          expired.merge(known.name(), 1, Integer::sum);
          changes.add(known.id(), each.shard());
          passed
              .computeIfAbsent(
                  new CursorLocks.Shard(known.id(), each.shard()), any -> new HashSet<>())
              .add(each.position());
        }
      }
    }
    write(dead);
    pass(passed);
    if (cursors != null) {
      cursors.touch(changes.shards());
    }
    return expired;
  }

  private boolean wants(EventFilter filter, GoingBody going) {
    EventTypes.EventType kind = kinds.kind(going.kind());
    return filter.wants(kind.event(), kind.action(), going.repository());
  }

  private void write(List<Of> dead) throws SQLException {
    Object[] ids = dead.stream().map(Of::subscription).toArray();
    Object[] positions = dead.stream().map(Of::position).toArray();
    try (PreparedStatement insert = connection.prepareStatement(DEAD);
        PreparedStatement delete = connection.prepareStatement(NOT_DUE)) {
      insert.setString(1, "expired: " + ExpiredException.REASON);
      insert.setArray(2, connection.createArrayOf("int8", ids));
      insert.setArray(3, connection.createArrayOf("int8", positions));
      insert.setArray(
          4,
          connection.createArrayOf(
              "int4", dead.stream().map(of -> due.getOrDefault(of, 0)).toArray()));
      insert.executeUpdate();
      delete.setArray(1, connection.createArrayOf("int8", ids));
      delete.setArray(2, connection.createArrayOf("int8", positions));
      delete.executeUpdate();
    }
  }

  /** Removes them from the cursors' unfinished ones: after a crash they would run. */
  private void pass(Map<CursorLocks.Shard, Set<Long>> passed) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PASS)) {
      for (Map.Entry<CursorLocks.Shard, Set<Long>> each : passed.entrySet()) {
        ShardCursor cursor = cursors == null ? null : cursors.find(each.getKey());
        if (cursor != null && cursor.unfinished().removeAll(each.getValue())) {
          update.setBytes(1, PositionList.encode(List.copyOf(cursor.unfinished())));
          update.setLong(2, each.getKey().subscription());
          update.setInt(3, each.getKey().shard());
          update.addBatch();
        }
      }
      update.executeBatch();
    }
  }

  /** The shards whose due rows were changed. */
  DueChanges changes() {
    return changes;
  }
}

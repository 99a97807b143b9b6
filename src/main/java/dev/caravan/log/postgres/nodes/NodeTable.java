package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.running.LocalSubscription;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nodes write about themselves and each other in the database. All times are by its clock. */
final class NodeTable {
  /** The others learn from it how long its lease is: it may be set to another than theirs. */
  private static final String JOIN =
      """
      INSERT INTO node (name, expires_at, info)
      VALUES (?, clock_timestamp() + ? * interval '1 millisecond',
        jsonb_build_object('lease', ?::bigint::text))
      RETURNING id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        (extract(epoch FROM expires_at) * 1000000)::bigint""";

  private static final String RENEW =
      """
      UPDATE node SET expires_at = clock_timestamp() + ? * interval '1 millisecond', pause_seen = ?
      WHERE id = ? AND NOT given_up
      RETURNING id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        (extract(epoch FROM expires_at) * 1000000)::bigint""";

  /** Waits for a node that renews its lease at this moment, and does not give it up then. */
  private static final String GIVE_UP =
      """
      UPDATE node SET given_up = true
      WHERE NOT given_up AND expires_at <= clock_timestamp() AND id <> ?
        AND name = coalesce(?, name)
      RETURNING name, (info ->> 'lease')::bigint""";

  private static final String FORGET =
      "DELETE FROM node WHERE given_up AND expires_at < clock_timestamp() - interval '1 hour'";
  private static final String LEAVE = "DELETE FROM node WHERE id = ? AND name = ?";
  private static final String RUNS =
      """
      INSERT INTO runs (node, subscription, events, repository, strict, concurrency)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (node, subscription) DO UPDATE SET events = excluded.events,
        repository = excluded.repository, strict = excluded.strict,
        concurrency = excluded.concurrency""";
  private static final String STATE =
      "UPDATE runs SET in_work = ?, last_error = ?, last_error_at = ? WHERE node = ? AND subscription = ?"
          + " AND (in_work, last_error_at) IS DISTINCT FROM (?, ?)";
  private static final String RUNS_NOT = "DELETE FROM runs WHERE node = ? AND subscription = ?";
  private static final String RUNS_ONLY =
      "DELETE FROM runs WHERE node = ? AND NOT subscription = ANY (?)";
  private static final String RUN_LAST =
      "UPDATE subscription SET last_run_at = clock_timestamp() WHERE id = ANY (?)";
  private static final String WHO =
      """
      SELECT r.subscription, n.id, r.concurrency FROM runs r JOIN node n ON n.id = r.node
      WHERE NOT n.given_up AND n.expires_at > clock_timestamp() ORDER BY n.id""";
  private static final String LIVE =
      "SELECT count(*) FROM node WHERE NOT given_up AND expires_at > clock_timestamp()";

  private NodeTable() {}

  /**
   * A granted lease.
   *
   * @param now by the database's clock, in milliseconds since 1970
   * @param lease until when, in microseconds: what its row says until it writes another
   */
  record Given(long node, long now, long lease) {
    static Given of(ResultSet row) throws SQLException {
      return new Given(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  static Given join(Connection connection, String name, Duration lease) throws SQLException {
    try (PreparedStatement join = connection.prepareStatement(JOIN)) {
      join.setString(1, name);
      join.setLong(2, lease.toMillis());
      join.setLong(3, lease.toMillis());
      try (ResultSet row = join.executeQuery()) {
        row.next();
        return Given.of(row);
      }
    }
  }

  /** Null when this node was given up. */
  static @Nullable Given renew(Connection connection, long node, Duration lease, long pauseSeen)
      throws SQLException {
    try (PreparedStatement renew = connection.prepareStatement(RENEW)) {
      renew.setLong(1, lease.toMillis());
      renew.setLong(2, pauseSeen);
      renew.setLong(3, node);
      try (ResultSet row = renew.executeQuery()) {
        return row.next() ? Given.of(row) : null;
      }
    }
  }

  /**
   * A node that was given up.
   *
   * @param lease how long it may be silent by its own setting, in milliseconds; 0 when it did not
   *     say so
   */
  record GivenUp(String name, long lease) {
    @Override
    public String toString() {
      return lease == 0
          ? "Node \"%s\" was silent for longer than its lease".formatted(name)
          : "Node \"%s\" was silent for longer than its lease of %d s"
              .formatted(name, lease / 1000);
    }
  }

  /**
   * Gives up nodes whose leases have ended.
   *
   * @param name only those of that name; null for all
   */
  static List<GivenUp> giveUpSilent(Connection connection, long node, @Nullable String name)
      throws SQLException {
    try (PreparedStatement giveUp = connection.prepareStatement(GIVE_UP)) {
      giveUp.setLong(1, node);
      giveUp.setString(2, name);
      List<GivenUp> nodes = new ArrayList<>();
      try (ResultSet row = giveUp.executeQuery()) {
        while (row.next()) {
          nodes.add(new GivenUp(row.getString(1), row.getLong(2)));
        }
      }
      if (!nodes.isEmpty()) {
        try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
          forget.executeUpdate();
        }
      }
      return nodes;
    }
  }

  static void leave(Connection connection, long node, String name) throws SQLException {
    try (PreparedStatement leave = connection.prepareStatement(LEAVE)) {
      leave.setLong(1, node);
      leave.setString(2, name);
      leave.executeUpdate();
    }
  }

  static void runs(Connection connection, long node, LocalSubscription subscription)
      throws SQLException {
    try (PreparedStatement runs = connection.prepareStatement(RUNS)) {
      runs.setLong(1, node);
      runs.setLong(2, subscription.id());
      runs.setString(3, String.join(",", subscription.settings().filter().events()));
      runs.setString(4, subscription.settings().filter().repository());
      runs.setBoolean(5, subscription.settings().strict());
      runs.setInt(6, subscription.settings().concurrency());
      runs.executeUpdate();
    }
  }

  static void runsNot(Connection connection, long node, LocalSubscription subscription)
      throws SQLException {
    try (PreparedStatement runsNot = connection.prepareStatement(RUNS_NOT)) {
      runsNot.setLong(1, node);
      runsNot.setLong(2, subscription.id());
      runsNot.executeUpdate();
    }
  }

  /** The node runs these and no others. */
  static void runsOnly(Connection connection, long node, List<Long> subscriptions)
      throws SQLException {
    Array ids = connection.createArrayOf("bigint", subscriptions.toArray());
    try (PreparedStatement only = connection.prepareStatement(RUNS_ONLY)) {
      only.setLong(1, node);
      only.setArray(2, ids);
      only.executeUpdate();
    }
  }

  /** Writes what other nodes show of this node's subscriptions. */
  static void state(Connection connection, long node, Iterable<LocalSubscription> subscriptions)
      throws SQLException {
    try (PreparedStatement state = connection.prepareStatement(STATE)) {
      for (LocalSubscription each : subscriptions) {
        var failure = each.lastFailure();
        Long failedAt = failure == null ? null : failure.startedAt() + failure.took();
        int inWork = each.status().running();
        state.setInt(1, inWork);
        state.setString(2, failure == null ? null : failure.error());
        state.setObject(3, failedAt, java.sql.Types.BIGINT);
        state.setLong(4, node);
        state.setLong(5, each.id());
        state.setInt(6, inWork);
        state.setObject(7, failedAt, java.sql.Types.BIGINT);
        state.addBatch();
      }
      state.executeBatch();
    }
  }

  static void runLast(Connection connection, List<Long> subscriptions) throws SQLException {
    Array ids = connection.createArrayOf("bigint", subscriptions.toArray());
    try (PreparedStatement run = connection.prepareStatement(RUN_LAST)) {
      run.setArray(1, ids);
      run.executeUpdate();
    }
  }

  /**
   * The nodes that run a subscription.
   *
   * @param nodes their numbers, in order
   * @param concurrency the least that one of them allows: they differ while nodes change one by one
   */
  record Runners(List<Long> nodes, int concurrency) {}

  /** The nodes that run each subscription. */
  static Map<Long, Runners> who(Connection connection) throws SQLException {
    try (PreparedStatement who = connection.prepareStatement(WHO);
        ResultSet row = who.executeQuery()) {
      Map<Long, Runners> runners = new HashMap<>();
      while (row.next()) {
        Runners one = new Runners(List.of(row.getLong(2)), row.getInt(3));
        runners.merge(row.getLong(1), one, NodeTable::and);
      }
      return runners;
    }
  }

  private static Runners and(Runners some, Runners one) {
    List<Long> nodes = new ArrayList<>(some.nodes());
    nodes.addAll(one.nodes());
    return new Runners(nodes, Math.min(some.concurrency(), one.concurrency()));
  }

  static int live(Connection connection) throws SQLException {
    try (PreparedStatement live = connection.prepareStatement(LIVE);
        ResultSet row = live.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}

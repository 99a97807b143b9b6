package dev.caravan.log.postgres.nodes;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.Waker;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Pauses subscriptions on all nodes: the database says which are paused, and each node follows and
 * confirms; a caller that pauses one waits for all nodes. Safe for use by many threads.
 */
public final class Pauses {
  private static final String SET =
      """
      UPDATE subscription SET paused = ?, pause_version = nextval('pause_version')
      WHERE name = ? RETURNING pause_version""";

  /** Commits versions in their order. */
  private static final String ONE_AT_A_TIME =
      "SELECT pg_advisory_xact_lock(hashtext('caravan pause'), hashtext(current_schema))";

  private static final String NAMES = "SELECT name FROM subscription ORDER BY name";
  private static final String ALL = "SELECT id, paused, pause_version FROM subscription";
  private static final String NOT_SEEN =
      """
      SELECT count(*) FROM node
      WHERE NOT given_up AND expires_at > clock_timestamp() AND pause_seen < ? AND id <> ?""";
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private final Sessions sessions;
  private final LocalSubscriptions subscriptions;
  private final LongSupplier node;
  private final Waker waker;
  private final long longestWaitNanos;
  private volatile long seen;

  /**
   * @param longestWaitNanos after this, a node that has not followed is no longer a node
   */
  public Pauses(
      Sessions sessions,
      LocalSubscriptions subscriptions,
      LongSupplier node,
      Waker waker,
      long longestWaitNanos) {
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.node = node;
    this.waker = waker;
    this.longestWaitNanos = longestWaitNanos;
  }

  /** The version of the newest change that this node has taken over. */
  long seen() {
    return seen;
  }

  /** Pauses or resumes one; returns when all nodes have followed, or the longest wait is over. */
  public void set(String name, boolean paused) {
    try {
      long version = sessions.run(connection -> set(connection, name, paused));
      if (version == 0) {
        throw new UnknownSubscriptionException(name, sessions.run(Pauses::names));
      }
      sessions.run(
          connection -> {
            look(connection);
            return true;
          });
      waker.tell(Waker.PAUSED);
      long deadline = System.nanoTime() + longestWaitNanos;
      while (sessions.run(connection -> notSeen(connection, version)) > 0
          && System.nanoTime() < deadline) {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be written: " + e.getMessage(), e);
    }
  }

  /** Takes over the database's state. */
  void look(Connection connection) throws SQLException {
    try (PreparedStatement all = connection.prepareStatement(ALL);
        ResultSet row = all.executeQuery()) {
      long newest = 0;
      while (row.next()) {
        newest = Math.max(newest, row.getLong(3));
        for (LocalSubscription each : subscriptions) {
          if (each.id() == row.getLong(1)) {
            each.paused(row.getBoolean(2), row.getLong(3));
          }
        }
      }
      seen = newest;
    }
  }

  private static long set(Connection connection, String name, boolean paused) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(ONE_AT_A_TIME);
        PreparedStatement set = connection.prepareStatement(SET)) {
      lock.execute();
      set.setBoolean(1, paused);
      set.setString(2, name);
      try (ResultSet row = set.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private static List<String> names(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NAMES);
        ResultSet row = select.executeQuery()) {
      List<String> names = new ArrayList<>();
      while (row.next()) {
        names.add(row.getString(1));
      }
      return names;
    }
  }

  private int notSeen(Connection connection, long version) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(NOT_SEEN)) {
      count.setLong(1, version);
      count.setLong(2, node.getAsLong());
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}

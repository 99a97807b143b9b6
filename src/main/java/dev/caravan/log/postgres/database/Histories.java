package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history that this node follows. No connection to a server with another history may be used
 * before the node has forgotten what it remembers of the log. Safe for use by many threads.
 */
final class Histories {
  private @Nullable History current;
  private @Nullable History next;

  /**
   * A server's history: a standby that becomes the primary begins a new timeline, which may lack
   * what the old primary committed last. So may a restored backup.
   *
   * @param system differs between databases that were made separately
   * @param timeline grows with each promotion
   */
  private record History(long system, long timeline) {
    private static final String SQL =
        """
        SELECT system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
        FROM pg_control_system()""";

    /** Errors of a server without these functions, or that does not let this role call them. */
    private static final Set<String> UNKNOWN = Set.of("42501", "42883", "0A000");

    /** Null when the server does not tell. */
    static @Nullable History of(Connection connection) throws SQLException {
      try (PreparedStatement select = connection.prepareStatement(SQL);
          ResultSet row = select.executeQuery()) {
        return row.next() ? new History(row.getLong(1), row.getLong(2)) : null;
      } catch (SQLException e) {
        if (UNKNOWN.contains(e.getSQLState())) {
          return null;
        }
        throw e;
      }
    }

    /** Whether the other one continues this one on a later timeline. */
    boolean isBefore(History other) {
      return system == other.system && timeline < other.timeline;
    }
  }

  /**
   * Checks a new connection.
   *
   * @throws SQLException when its server has another history
   */
  void check(Connection connection) throws SQLException {
    check(History.of(connection));
  }

  private synchronized void check(@Nullable History found) throws SQLException {
    if (found == null || found.equals(current)) {
      return;
    }
    if (current == null) {
      current = found;
      return;
    }
    if (found.isBefore(current)) {
      throw new SQLException(
          "The server calls itself the primary, but another one has taken its place before",
          "08004");
    }
    next = found;
    throw new SQLException(
        "A standby has become the primary: this node reads the log again before it continues",
        "08004");
  }

  /** Whether a server had another history. */
  synchronized boolean isOver() {
    return next != null;
  }

  /** Follows the new one from now on. */
  synchronized void goOn() {
    if (next != null) {
      current = next;
      next = null;
    }
  }
}

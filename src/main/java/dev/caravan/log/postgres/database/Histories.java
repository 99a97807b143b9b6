package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history that this node follows. No connection to a server with another one may be used before
 * the node has forgotten what it remembers of the log. Safe for use by many threads.
 */
final class Histories {
  private @Nullable History current;
  private @Nullable History next;

  /**
   * Which history a server tells: a standby that becomes the primary begins another timeline, and
   * what the one before it committed last may be missing there. So may it after a backup was
   * restored.
   *
   * @param system tells databases from each other that were made apart
   * @param timeline grows with each promotion
   */
  private record History(long system, long timeline) {
    private static final String SQL =
        """
        SELECT system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
        FROM pg_control_system()""";

    /** What a server says that has none of this, or does not let everybody ask for it. */
    private static final Set<String> UNKNOWN = Set.of("42501", "42883", "0A000");

    /** Null where the server does not tell. */
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

    /** Whether another server has gone on from there since. */
    boolean isBefore(History other) {
      return system == other.system && timeline < other.timeline;
    }
  }

  /**
   * Takes a server that was just connected to.
   *
   * @throws SQLException when it tells another history
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

  /** Whether a server has told another history than that one. */
  synchronized boolean isOver() {
    return next != null;
  }

  /** Goes by the new one from now on. */
  synchronized void goOn() {
    if (next != null) {
      current = next;
      next = null;
    }
  }
}

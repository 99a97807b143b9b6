package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which history the log of a database tells, and how much of it is there. A standby that becomes
 * the primary begins another timeline, and what the one before it committed last may be missing
 * there. So is what came after a backup that was restored.
 *
 * @param server that tells it; null where the server does not say
 * @param database the number of the database, which another of the same name does not have
 * @param tables the number of a table of the log, which another has once they are made anew, not
 *     when they are only rewritten, as by VACUUM FULL; null where there are none
 * @param isWhole whether nothing of the log is still to be made, as by a restore
 * @param lease what this node's row says; null where it has none
 * @param end where the log ends
 */
record History(
    @Nullable Server server,
    long database,
    @Nullable Long tables,
    boolean isWhole,
    @Nullable Long lease,
    long end) {

  /** A restore makes foreign keys last, and this one last of all. */
  private static final String LOG =
      """
      SELECT (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
        to_regclass('head')::oid::bigint,
        EXISTS (SELECT FROM pg_constraint WHERE conname = 'runs_subscription_fkey'
          AND connamespace = current_schema()::regnamespace),
        (SELECT (extract(epoch FROM expires_at) * 1000000)::bigint FROM node WHERE id = ?),
        (SELECT next FROM head)""";

  private static final String NO_TABLE = "42P01";

  /**
   * A server.
   *
   * @param system tells databases from each other that were made apart
   * @param timeline grows with each promotion
   */
  record Server(long system, long timeline) {
    private static final String SQL =
        """
        SELECT system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
        FROM pg_control_system()""";

    /** What a server says that has none of this, or does not let everybody ask for it. */
    private static final Set<String> UNKNOWN = Set.of("42501", "42883", "0A000");

    static @Nullable Server of(Connection connection) throws SQLException {
      try (PreparedStatement select = connection.prepareStatement(SQL);
          ResultSet row = select.executeQuery()) {
        return row.next() ? new Server(row.getLong(1), row.getLong(2)) : null;
      } catch (SQLException e) {
        if (UNKNOWN.contains(e.getSQLState())) {
          return null;
        }
        throw e;
      }
    }
  }

  /**
   * What is committed in the history that this node follows, as far as it knows.
   *
   * @param node the number of this node; 0 when it is none
   * @param lease what this node has last written into its row, which nobody else changes
   * @param end where the log ended
   */
  record Known(long node, long lease, long end) {
    static final Known NOTHING = new Known(0, 0, 0);
  }

  /**
   * Asks for it.
   *
   * @param node the number of this node; 0 when it is none
   */
  static History of(Connection connection, long node) throws SQLException {
    return of(Server.of(connection), connection, node);
  }

  /** What the log says now on a connection to the same server. */
  History again(Connection connection, long node) throws SQLException {
    return of(server, connection, node);
  }

  private static History of(@Nullable Server server, Connection connection, long node)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LOG)) {
      select.setLong(1, node);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new History(
            server,
            row.getLong(1),
            row.getObject(2, Long.class),
            row.getBoolean(3),
            row.getObject(4, Long.class),
            row.getLong(5));
      }
    } catch (SQLException e) {
      if (NO_TABLE.equals(e.getSQLState())) {
        return new History(server, 0, null, false, null, 0);
      }
      throw e;
    }
  }

  /** Whether another server has gone on from there since. */
  boolean isBefore(History other) {
    return server != null
        && other.server != null
        && server.system() == other.server.system()
        && server.timeline() < other.server.timeline();
  }

  /** Why it is not what was told before, in the middle of a sentence; null when it is. */
  @Nullable String difference(History before, Known known) {
    if (server != null && before.server != null && !server.equals(before.server)) {
      return "a standby has become its database, and may lack what was committed last";
    }
    if (database != before.database || tables == null || !tables.equals(before.tables)) {
      return "its tables were made anew, as by a restore";
    }
    if (end < known.end() || (known.node() != 0 && (lease == null || lease < known.lease()))) {
      return "what this node had committed is not there";
    }
    return null;
  }
}

package dev.caravan.log.postgres;

import dev.caravan.log.postgres.database.PostgresPlace;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Marks a log into which another is being copied: until then it is incomplete. */
final class UnfinishedCopy {
  private static final String BEGINS =
      "INSERT INTO task VALUES ('copy', 0, 'infinity') ON CONFLICT (name) DO NOTHING";
  private static final String ENDS = "DELETE FROM task WHERE name = 'copy'";
  private static final String IS_THERE = "SELECT FROM task WHERE name = 'copy'";

  private static final String IN_USE =
      "SELECT name FROM node WHERE expires_at > clock_timestamp() LIMIT 1";

  private UnfinishedCopy() {}

  /**
   * Refuses to copy from or into a log that nodes use.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  static void refuseWhenInUse(Connection connection, PostgresPlace place) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(IN_USE)) {
      if (row.next()) {
        throw new IllegalStateException(
            "%s is in use by node %s. Stop all nodes first.".formatted(place, row.getString(1)));
      }
    }
  }

  static void begins(Connection connection) throws SQLException {
    execute(connection, BEGINS);
  }

  static void ends(Connection connection) throws SQLException {
    execute(connection, ENDS);
  }

  /**
   * Refuses to use an unfinished copy.
   *
   * @throws IllegalStateException with a sentence for the user
   */
  static void refuse(Connection connection, PostgresPlace place) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(IS_THERE)) {
      if (row.next()) {
        throw new IllegalStateException(
            "%s holds a part of a log that is being copied there, or was. Let caravan log copy finish, or run it again; or drop that schema."
                .formatted(place));
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}

package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The time for all nodes: the database's. */
public final class SharedTime {
  /** Milliseconds since 1970, in SQL. */
  public static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  private SharedTime() {}

  /** Milliseconds since 1970. */
  public static long now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + NOW)) {
      row.next();
      return row.getLong(1);
    }
  }
}

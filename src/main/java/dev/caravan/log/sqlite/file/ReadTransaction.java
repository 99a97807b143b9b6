package dev.caravan.log.sqlite.file;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Sees the log as of one moment; while it is held, SQLite overwrites nothing of that in the
 * write-ahead file. For one thread at a time.
 */
final class ReadTransaction implements AutoCloseable {
  private final Database database;
  private @Nullable Connection connection;
  private boolean isHeld;

  ReadTransaction(Database database) {
    this.database = database;
  }

  /** Begins, unless it has begun. */
  void hold() throws SQLException {
    if (isHeld) {
      return;
    }
    Connection reader = connection;
    if (reader == null) {
      reader = database.openReader();
      connection = reader;
    }
    execute(reader, "BEGIN");
    execute(reader, "SELECT count(*) FROM sqlite_schema"); // takes the reader's mark
    isHeld = true;
  }

  /** Ends it, until {@link #hold}. */
  void letGo() throws SQLException {
    if (isHeld && connection != null) {
      isHeld = false;
      execute(connection, "COMMIT");
    }
  }

  @Override
  public void close() throws SQLException {
    Connection reader = connection;
    isHeld = false;
    connection = null;
    if (reader != null) {
      reader.close();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

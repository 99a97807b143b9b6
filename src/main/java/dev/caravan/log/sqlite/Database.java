package dev.caravan.log.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;

/** Opens connections to the log's file, each with the settings its job needs. */
final class Database {
  /** SQLite's own choice for a new file. */
  static final int PAGE_BYTES = 4096;

  private static final int BUSY_MILLIS = 10_000;

  /** Auto-vacuum must come first: it is fixed once the file has a page. */
  private static final List<String> WRITER =
      List.of(
          "PRAGMA auto_vacuum = INCREMENTAL",
          "PRAGMA journal_mode = WAL",
          // In WAL mode, FULL is what flushes at each commit (SQLite, "PRAGMA synchronous").
          "PRAGMA synchronous = FULL",
          // The checkpointer does that, off the commit's path.
          "PRAGMA wal_autocheckpoint = 0",
          "PRAGMA cache_size = -16384");

  private static final List<String> READER = List.of("PRAGMA cache_size = -2048");

  private final Path file;

  Database(Path file) {
    this.file = file;
  }

  /** The file of what is in its place. */
  Path file() {
    return file;
  }

  /** The file of what is committed but not yet in its place. */
  Path writeAheadFile() {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /** The one connection that writes; a commit on it returns after the flush. */
  Connection openWriter() throws SQLException {
    Connection connection = open(WRITER);
    try {
      Schema.prepare(connection, file);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** A connection for looking things up and for checkpoints. */
  Connection openReader() throws SQLException {
    return open(READER);
  }

  /** A connection that leaves the files as they are, even when it is the last one to close. */
  Connection openInspector() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return open(READER, config);
  }

  private Connection open(List<String> pragmas) throws SQLException {
    return open(pragmas, new SQLiteConfig());
  }

  private Connection open(List<String> pragmas, SQLiteConfig config) throws SQLException {
    // The driver begins the next transaction right after a commit; deferred, that takes no lock.
    config.setTransactionMode(TransactionMode.DEFERRED);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setGetGeneratedKeys(false); // else the driver asks for the last row after each insert
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : pragmas) {
        statement.execute(pragma);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}

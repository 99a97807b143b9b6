package dev.caravan.log.sqlite.file;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteOpenMode;

/** Opens connections to the log's file, each with the settings its job needs. */
public final class Database {
  /** SQLite's own choice for a new file. */
  public static final int PAGE_BYTES = 4096;

  /** The ending of a restored log's name until it is whole. */
  public static final String RESTORED = ".restored";

  /** The ending of a salvaged log's name until it is whole. */
  public static final String SALVAGED = ".salvaged";

  private static final int BUSY_MILLIS = 10_000;

  /** Auto-vacuum comes first: it is fixed once the file has a page. */
  private static final List<String> MAKER =
      List.of("PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA journal_mode = WAL");

  private static final List<String> WRITER =
      List.of(
          // First, since any other may write. The checkpointer moves data, and sees what fails.
          "PRAGMA wal_autocheckpoint = 0",
          // In WAL mode, FULL is what flushes at each commit (SQLite, "PRAGMA synchronous").
          "PRAGMA synchronous = FULL",
          "PRAGMA cache_size = -16384");

  private static final List<String> READER = List.of("PRAGMA cache_size = -2048");

  private final Path file;

  public Database(Path file) {
    this.file = file;
  }

  /** The log's file, with what is in its place. */
  public Path file() {
    return file;
  }

  /** The file with what is committed but not yet in its place. */
  public Path writeAheadFile() {
    return beside("-wal");
  }

  /** A file beside it, whose name has this ending. */
  Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Deletes this file and those that SQLite keeps beside it. */
  public void deleteAll() throws IOException {
    for (String suffix : List.of("-journal", "-wal", "-shm", "")) {
      Files.deleteIfExists(beside(suffix));
    }
  }

  /** Creates this file, empty, for its owner only. */
  public Connection openFresh() throws SQLException, IOException {
    Files.createFile(file, OwnerOnly.file(file)); // those beside it get the same permissions
    return open(MAKER);
  }

  /** The one connection that writes; a commit on it returns after the flush. */
  public Connection openWriter() throws SQLException {
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

  /** A connection for queries and for checkpoints. */
  Connection openReader() throws SQLException {
    return open(READER);
  }

  /** A connection that leaves the files as they are, even when it is the last one to close. */
  public Connection openInspector() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return open(READER, config);
  }

  /** A connection to a file that nobody writes to; leaves no other file beside it. */
  public Connection openAlone() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    return open(READER, config, "file:" + file.toUri().getRawPath() + "?immutable=1");
  }

  /** Writes what is committed into a new file without free space. */
  public void compactInto(Path target) throws SQLException {
    try (Connection connection = openReader();
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, target.toString());
      vacuum.execute();
    }
  }

  /** Turns the write-ahead file on again, which a copy may have turned off. */
  public void useWriteAheadFile() throws SQLException {
    try (Connection connection = openReader();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
    }
  }

  /**
   * A connection to close last: the last one moves what is in the write-ahead file, but this one
   * cannot. It keeps the files open from now on.
   */
  public Connection openBystander() throws SQLException {
    Connection connection = openInspector();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM sqlite_schema");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection open(List<String> pragmas) throws SQLException {
    return open(pragmas, new SQLiteConfig());
  }

  private Connection open(List<String> pragmas, SQLiteConfig config) throws SQLException {
    return open(pragmas, config, file.toString());
  }

  private static Connection open(List<String> pragmas, SQLiteConfig config, String name)
      throws SQLException {
    // The driver begins the next transaction right after a commit; deferred, that takes no lock.
    config.setTransactionMode(TransactionMode.DEFERRED);
    config.setBusyTimeout(BUSY_MILLIS);
    // Never create a file here: it would be taken for the log.
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setGetGeneratedKeys(false); // else the driver asks for the last row after each insert
    Connection connection = config.createConnection("jdbc:sqlite:" + name);
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

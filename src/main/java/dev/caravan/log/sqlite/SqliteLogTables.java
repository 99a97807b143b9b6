package dev.caravan.log.sqlite;

import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.sqlite.commit.Appender;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.log.sqlite.directory.UnfinishedCopy;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.MissingLog;
import dev.caravan.log.tables.CopiedTable;
import dev.caravan.log.tables.LogTables;
import dev.caravan.log.tables.PositionList;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of the log in a data directory, for copying from it or into it. */
public final class SqliteLogTables implements LogTables {
  private final Path data;
  private final DataDirectory directory;
  private final Connection connection;

  private SqliteLogTables(Path data, DataDirectory directory, Connection connection) {
    this.data = data;
    this.directory = directory;
    this.connection = connection;
  }

  /**
   * Takes the directory; its log is created when it is missing.
   *
   * @throws LogInUseException with a sentence for the user, when another process has it
   * @throws IllegalStateException with a sentence for the user, when it cannot be used
   */
  public static SqliteLogTables open(Path data) throws SQLException {
    DataDirectory directory = DataDirectory.own(data, DataDirectory.Use.COMMAND);
    try {
      Database database = new Database(directory.logFile());
      new MissingLog(database).make();
      Connection connection = database.openWriter();
      return new SqliteLogTables(data, directory, connection);
    } catch (SQLException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return data.toString();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public void begin() {
    new UnfinishedCopy(data).begins();
  }

  @Override
  public void end() {
    new UnfinishedCopy(data).ends();
  }

  @Override
  public void refuseWhenUnfinished() {
    new UnfinishedCopy(data).refuse();
  }

  /** A subscription begins at 1: {@link #finish} writes the cursors at the end. */
  @Override
  public String insert(CopiedTable table) {
    boolean isSubscription = table == CopiedTable.SUBSCRIPTION;
    return "INSERT OR %s INTO %s (%s%s) VALUES (%s%s)"
        .formatted(
            isSubscription ? "REPLACE" : "IGNORE",
            table.sql(),
            table.names(),
            isSubscription ? ", next, unfinished" : "",
            String.join(", ", Collections.nCopies(table.columns().size(), "?")),
            isSubscription ? ", 1, x''" : "");
  }

  @Override
  public void add(CopiedTable table, PreparedStatement insert, int index, @Nullable Object[] row) {}

  @Override
  public long next() throws SQLException {
    return Appender.firstFree(connection);
  }

  @Override
  public Map<Long, StoredCursor> cursors() throws SQLException {
    Map<Long, StoredCursor> cursors = new LinkedHashMap<>();
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("SELECT id, next, unfinished FROM subscription")) {
      while (row.next()) {
        cursors.put(
            row.getLong(1), new StoredCursor(row.getLong(2), PositionList.decode(row.getBytes(3))));
      }
    }
    return cursors;
  }

  @Override
  public void finish(long next, Map<Long, StoredCursor> cursors) throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE subscription SET next = ?, unfinished = ? WHERE id = ?");
        PreparedStatement keep =
            connection.prepareStatement("INSERT OR REPLACE INTO next_position VALUES (1, ?)")) {
      for (Map.Entry<Long, StoredCursor> each : cursors.entrySet()) {
        update.setLong(1, each.getValue().next());
        update.setBytes(2, PositionList.encode(each.getValue().unfinished()));
        update.setLong(3, each.getKey());
        update.executeUpdate();
      }
      keep.setLong(1, next);
      keep.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      connection.close();
    } finally {
      directory.close();
    }
  }
}

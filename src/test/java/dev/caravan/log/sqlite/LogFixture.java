package dev.caravan.log.sqlite;

import dev.caravan.log.LogOptions;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.tables.Guids;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A log in a directory of a test's own, for what is about this engine. */
final class LogFixture extends TestLog {

  private final SqliteLogUnderTest engine;

  LogFixture(Path data) {
    this(data, TestLog.OPTIONS);
  }

  LogFixture(Path data, LogOptions options) {
    this(new SqliteLogUnderTest(data, options));
  }

  private LogFixture(SqliteLogUnderTest engine) {
    super(engine);
    this.engine = engine;
  }

  @Override
  public SqliteDeliveryLog log() {
    return engine.log();
  }

  /** The GUIDs in a file that nobody uses. */
  static List<String> guids(Path file) throws SQLException {
    List<String> guids = new ArrayList<>();
    try (Connection connection = new Database(file).openAlone();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT guid FROM delivery")) {
      while (row.next()) {
        guids.add(Guids.decode(row.getBytes(1)));
      }
    }
    return guids;
  }
}

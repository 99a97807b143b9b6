package dev.caravan.log.sqlite.offline;

import dev.caravan.log.content.DamagedContentException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.file.Damage;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.Schema;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.logging.ErrorSentence;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all of a log: the structure of each table and its indexes, and each payload, which is
 * unpacked and compared with its checksum. Its reads are short: a server may run on the log
 * meanwhile.
 */
public final class Verification {
  private static final int ROWS_AT_ONCE = 500;
  private static final int MOST_NAMED = 20;

  private final Database database;
  private final boolean alone;
  private final Progress progress;
  private final List<String> problems = new ArrayList<>();
  private long problemCount;
  private long payloads;

  private Verification(Path file, boolean alone, Progress progress) {
    this.database = new Database(file);
    this.alone = alone;
    this.progress = progress;
  }

  /** Told how far the verification is. */
  @FunctionalInterface
  public interface Progress {
    void at(String what, long done, long all);
  }

  /**
   * What was found.
   *
   * @param problems the first of them, in sentences; empty for a sound log
   * @param payloads how many were sound
   */
  public record Result(List<String> problems, long payloads) {}

  /** Verifies the log in a directory, whether a server runs on it or not. */
  public static Result ofDirectory(Path data, Progress progress) {
    return new Verification(data.resolve(DataDirectory.LOG_FILE), false, progress).run();
  }

  /** Verifies a file that nobody writes to, a backup for instance. */
  public static Result ofFile(Path file, Progress progress) {
    return new Verification(file, true, progress).run();
  }

  private Result run() {
    try (Connection connection = alone ? database.openAlone() : database.openInspector()) {
      Schema.check(connection, database.file());
      checkTables(connection);
      if (problems.isEmpty()) { // else each row of a broken page would be reported again
        checkPayloads(connection);
      }
    } catch (SQLException e) {
      problem(
          Damage.is(e)
              ? "The file is damaged: " + ErrorSentence.of(e)
              : "The file cannot be read: " + ErrorSentence.of(e));
    }
    if (problemCount > problems.size()) {
      problems.add("… and %,d more.".formatted(problemCount - problems.size()));
    }
    return new Result(problems, payloads);
  }

  private void checkTables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (int number = 0; number < tables.size(); number++) {
        progress.at("tables", number, tables.size());
        String name = tables.get(number).replace("'", "''");
        try (ResultSet row = statement.executeQuery("PRAGMA integrity_check('" + name + "')")) {
          while (row.next()) {
            if (!row.getString(1).equals("ok")) {
              problem("%s: %s".formatted(tables.get(number), row.getString(1)));
            }
          }
        }
      }
    }
  }

  private void checkPayloads(Connection connection) throws SQLException {
    EventTypes types = new EventTypes();
    types.reload(connection);
    Dictionaries dictionaries = new Dictionaries();
    dictionaries.load(connection);
    long all = number(connection, "SELECT count(*) FROM content");
    DeliveryReader reader = new DeliveryReader(connection, types, dictionaries);
    List<Long> positions = next(connection, Long.MIN_VALUE);
    while (!positions.isEmpty()) {
      progress.at("payloads", payloads, all);
      for (long position : positions) {
        try {
          reader.load(position);
          payloads++;
        } catch (DamagedContentException e) {
          problem("Position %d: %s".formatted(position, ErrorSentence.of(e)));
        }
      }
      positions = next(connection, positions.get(positions.size() - 1));
    }
    progress.at("payloads", payloads, all);
  }

  private static List<Long> next(Connection connection, long after) throws SQLException {
    List<Long> positions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT position FROM content WHERE position > %d ORDER BY position LIMIT %d"
                    .formatted(after, ROWS_AT_ONCE))) {
      while (row.next()) {
        positions.add(row.getLong(1));
      }
    }
    return positions;
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  private void problem(String sentence) {
    problemCount++;
    if (problems.size() < MOST_NAMED) {
      problems.add(ErrorSentence.line(sentence, 300) + ".");
    }
  }
}

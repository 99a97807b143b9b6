package dev.caravan.log.sqlite.file;

import dev.caravan.log.search.SearchIndex;
import dev.caravan.log.sqlite.tables.Completions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the log, and which version of them a file has.
 *
 * <p>A change to a table is a new step in {@link #STEPS}; a file of an older version runs the steps
 * it lacks, one of a newer version is refused.
 */
public final class Schema {
  /** Marks the file as ours in SQLite's header: "CRVN". */
  private static final int APPLICATION_ID = 0x4352564E;

  /**
   * Times are milliseconds since 1970. {@code delivery} is small and kept longest: it remembers
   * GUIDs after their {@code content} is gone.
   */
  private static final List<String> VERSION_1 =
      List.of(
          "CREATE TABLE kind (id INTEGER PRIMARY KEY, event TEXT NOT NULL, action TEXT)",
          "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, bytes BLOB NOT NULL)",
          """
          CREATE TABLE delivery (
            position INTEGER PRIMARY KEY,
            guid BLOB NOT NULL,
            hook INTEGER NOT NULL,
            kind INTEGER NOT NULL REFERENCES kind,
            received_at INTEGER NOT NULL,
            repository TEXT,
            organization TEXT,
            installation TEXT,
            sender TEXT,
            thread TEXT,
            length INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            repeats INTEGER NOT NULL DEFAULT 0,
            differs_from INTEGER
          )""",
          // Makes a GUID unique, except for repeats that differ, which are kept beside the first.
          "CREATE UNIQUE INDEX delivery_guid ON delivery (guid, hook) WHERE differs_from IS NULL",
          // Lets a subscription to a rare event find its deliveries without reading the rest.
          "CREATE INDEX delivery_kind ON delivery (kind)",
          """
          CREATE TABLE content (
            position INTEGER PRIMARY KEY,
            form INTEGER NOT NULL,
            length INTEGER NOT NULL,
            dictionary INTEGER REFERENCES dictionary,
            bytes BLOB NOT NULL
          )""",
          """
          CREATE TABLE subscription (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            first INTEGER NOT NULL,
            next INTEGER NOT NULL,
            unfinished BLOB NOT NULL,
            paused INTEGER NOT NULL DEFAULT 0
          )""",
          // What a subscription runs apart from its cursor: retries, replays, redeliveries.
          """
          CREATE TABLE due (
            subscription INTEGER NOT NULL REFERENCES subscription,
            position INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            PRIMARY KEY (subscription, position)
          ) WITHOUT ROWID""",
          "CREATE INDEX due_at ON due (subscription, due_at)",
          """
          CREATE TABLE dead_letter (
            subscription INTEGER NOT NULL REFERENCES subscription,
            position INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            since INTEGER NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (subscription, position)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE attempt (
            position INTEGER NOT NULL,
            subscription INTEGER NOT NULL REFERENCES subscription,
            started_at INTEGER NOT NULL,
            number INTEGER NOT NULL,
            took INTEGER NOT NULL,
            error TEXT,
            PRIMARY KEY (position, subscription, started_at, number)
          ) WITHOUT ROWID""");

  private static final List<String> VERSION_2 =
      List.of(
          // Deleted bodies that redeliveries brought back.
          "CREATE TABLE restored (position INTEGER PRIMARY KEY, received_at INTEGER NOT NULL)",
          // What a subscription never ran, since the body was deleted while it was idle.
          """
          CREATE TABLE skipped (
            subscription INTEGER NOT NULL REFERENCES subscription,
            first INTEGER NOT NULL,
            next INTEGER NOT NULL,
            PRIMARY KEY (subscription, first)
          ) WITHOUT ROWID""",
          // The next position, for when all deliveries are gone.
          """
          CREATE TABLE next_position (
            row INTEGER PRIMARY KEY CHECK (row = 1),
            position INTEGER NOT NULL
          )""",
          // The end of the log when the dictionary was trained.
          "ALTER TABLE dictionary ADD COLUMN trained_to INTEGER NOT NULL DEFAULT 0");

  /** Finds the repeats with a different payload, of which there are next to none. */
  private static final List<String> VERSION_3 =
      List.of(
          "CREATE INDEX delivery_differing ON delivery (differs_from) WHERE differs_from IS NOT NULL");

  private static final List<String> VERSION_4 =
      List.of(
          Completions.TABLE,
          // The hook that sent it; null in rows of older versions, -1 for none.
          "ALTER TABLE delivery ADD COLUMN sent_by INTEGER",
          // A digest of the payload, with caravan.dedupe=content.
          "ALTER TABLE delivery ADD COLUMN digest BLOB",
          "CREATE INDEX delivery_digest ON delivery (digest) WHERE digest IS NOT NULL");

  private static final List<String> VERSION_5 =
      List.of(
          SearchIndex.TABLE,
          // Finds the few failures among many attempts.
          "CREATE INDEX attempt_failed ON attempt (position, subscription) WHERE error IS NOT NULL");

  /** Removes what the marks of completion replaced. */
  private static final List<String> WITHOUT_MARKS =
      List.of("DROP TABLE skipped", "ALTER TABLE subscription DROP COLUMN first");

  private static final List<Step> STEPS =
      List.of(
          connection -> execute(connection, VERSION_1),
          connection -> execute(connection, VERSION_2),
          connection -> execute(connection, VERSION_3),
          connection -> {
            execute(connection, VERSION_4);
            Completions.infer(connection);
            execute(connection, WITHOUT_MARKS);
          },
          connection -> execute(connection, VERSION_5));

  private Schema() {}

  /** Brings a file from one version to the next. */
  @FunctionalInterface
  private interface Step {
    void run(Connection connection) throws SQLException;
  }

  /**
   * Creates the tables of an empty file, or brings an older file up to date. After a failure the
   * connection can only be closed, which leaves the file as it was.
   *
   * @throws IllegalStateException with a sentence for the user when the file is not ours or newer
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    int application = number(connection, "PRAGMA application_id");
    int version = number(connection, "PRAGMA user_version");
    if (application != APPLICATION_ID
        && (application != 0 || version != 0 || hasTables(connection))) {
      throw new IllegalStateException(
          file + " is not a delivery log of Caravan. Move it away, or choose another --data.");
    }
    refuseNewer(version, file);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (Step step : STEPS.subList(version, STEPS.size())) {
        step.run(connection);
      }
      stamp(statement);
      connection.commit();
    }
    // Not after a failure: this commits, and a step that is half done could never be run again.
    connection.setAutoCommit(true);
  }

  /**
   * Checks that a file is a log, of this version or an older one.
   *
   * @throws IllegalStateException with a sentence for the user when it is not
   */
  public static void check(Connection connection, Path file) throws SQLException {
    if (number(connection, "PRAGMA application_id") != APPLICATION_ID) {
      throw new IllegalStateException(file + " is not a delivery log of Caravan.");
    }
    refuseNewer(number(connection, "PRAGMA user_version"), file);
  }

  private static void refuseNewer(int version, Path file) {
    if (version > STEPS.size()) {
      throw new IllegalStateException(
          "%s was written by a newer Caravan (log version %d, this one reads up to %d). Run that version, or choose another --data."
              .formatted(file, version, STEPS.size()));
    }
  }

  private static void execute(Connection connection, List<String> step) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : step) {
        statement.execute(sql);
      }
    }
  }

  /** Writes the mark and the version into the file: always one page. */
  public static void stamp(Statement statement) throws SQLException {
    statement.execute("PRAGMA application_id = " + APPLICATION_ID);
    statement.execute("PRAGMA user_version = " + STEPS.size());
  }

  private static boolean hasTables(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_schema") > 0;
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getInt(1);
    }
  }
}

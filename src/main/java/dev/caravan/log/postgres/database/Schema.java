package dev.caravan.log.postgres.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/**
 * The tables of the log and their version.
 *
 * <p>A change to a table is a new file in {@link #STEPS}, and preserves what older nodes of the
 * same major version write and read; an older schema runs the steps it lacks, a newer one is
 * refused.
 */
public final class Schema {
  private static final List<String> STEPS =
      List.of("tables-1.sql", "tables-2.sql", "tables-3.sql", "tables-4.sql", "tables-5.sql");
  private static final String FUNCTIONS = "functions.sql";

  private Schema() {}

  /**
   * The same as SQL, for an administrator to run if Caravan's role may not create tables: it
   * creates what is missing, and leaves the rest as it is.
   */
  public static String sql(String schema) {
    StringBuilder sql =
        new StringBuilder(
            "BEGIN;\nCREATE SCHEMA IF NOT EXISTS %1$s;\nSET LOCAL search_path = %1$s;\n"
                .formatted(schema));
    for (int version = 1; version <= STEPS.size(); version++) {
      String isMissing =
          version == 1
              ? "to_regclass('version') IS NULL"
              : "(SELECT version FROM version) < " + version;
      String step = text(STEPS.get(version - 1));
      sql.append("\nDO $caravan$ BEGIN IF ").append(isMissing).append(" THEN EXECUTE $step$\n");
      sql.append(version == STEPS.size() ? step + "\n" + text(FUNCTIONS) : step);
      sql.append("\n").append(recorded(version)).append(";\n$step$; END IF; END $caravan$;\n");
    }
    return sql.append("COMMIT;\n").toString();
  }

  private static String recorded(int version) {
    return "INSERT INTO version VALUES (1, %1$d) ON CONFLICT (row) DO UPDATE SET version = %1$d"
        .formatted(version);
  }

  /**
   * Creates what is missing, one node at a time.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be done, or the
   *     schema is of a newer version
   */
  public static void prepare(Connection connection, PostgresPlace place) throws SQLException {
    if (version(connection, place) == STEPS.size()) {
      return;
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('caravan log'), hashtext('"
              + place.schema()
              + "'))");
      migrate(statement, place, version(connection, place));
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void migrate(Statement statement, PostgresPlace place, int version)
      throws SQLException {
    if (version > STEPS.size()) {
      throw new IllegalStateException(
          "The schema %s of the database %s was made by a newer Caravan (log version %d, this one reads up to %d). Run that version, or choose another caravan.log.schema."
              .formatted(place.schema(), place.database(), version, STEPS.size()));
    }
    if (!has(statement, "SELECT 1 FROM pg_namespace WHERE nspname = '" + place.schema() + "'")) {
      statement.execute("CREATE SCHEMA " + place.schema());
    } else if (version == 0
        && has(statement, "SELECT 1 FROM pg_tables WHERE schemaname = '" + place.schema() + "'")) {
      throw new IllegalStateException(
          "The schema %s of the database %s has tables that are not Caravan's. Choose another caravan.log.schema."
              .formatted(place.schema(), place.database()));
    }
    for (String step : STEPS.subList(version, STEPS.size())) {
      statement.execute(text(step));
    }
    if (version < STEPS.size()) {
      statement.execute(text(FUNCTIONS));
      statement.execute(recorded(STEPS.size()));
    }
  }

  /** 0 when there are no tables yet. */
  private static int version(Connection connection, PostgresPlace place) throws SQLException {
    // Not to_regclass: after waiting for a lock it may still find no table, from its cache.
    try (PreparedStatement exists =
        connection.prepareStatement(
            "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'version'")) {
      exists.setString(1, place.schema());
      try (ResultSet row = exists.executeQuery()) {
        if (!row.next()) {
          return 0;
        }
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version FROM version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static boolean has(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next();
    }
  }

  private static String text(String file) {
    try (InputStream stream =
        Objects.requireNonNull(Schema.class.getResourceAsStream(file), file)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

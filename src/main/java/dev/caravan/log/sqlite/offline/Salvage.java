package dev.caravan.log.sqlite.offline;

import dev.caravan.files.DurableFile;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.tables.Guids;
import dev.caravan.logging.ErrorSentence;
import dev.caravan.wording.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Saves what can be read of a damaged log into a fresh one that takes its place. The damaged file
 * is kept beside it under another name.
 */
public final class Salvage {
  private static final int MOST_NAMED = 20;

  /** Copied first, since others refer to their rows. */
  private static final List<String> FIRST =
      List.of("kind", "dictionary", "subscription", "delivery");

  /** The newest position that anything saved refers to. */
  private static final String NEWEST =
      """
      max(
        (SELECT ifnull(max(position), 0) FROM delivery),
        (SELECT ifnull(max(position), 0) FROM content),
        (SELECT ifnull(max(next), 1) - 1 FROM subscription),
        (SELECT ifnull(max(position), 1) - 1 FROM next_position))\
      """;

  private static final String OLDEST =
      """
      min(
        (SELECT ifnull(min(position), 1) FROM delivery),
        (SELECT ifnull(min(position), 1) FROM content))\
      """;

  private final Database damaged;
  private final Database fresh;
  private final Path kept;
  private final List<String> report = new ArrayList<>();

  private Salvage(Path file, Path kept) {
    this.damaged = new Database(file);
    this.fresh = new Database(file.resolveSibling(file.getFileName() + Database.SALVAGED));
    this.kept = kept;
  }

  /**
   * Salvages the log of a directory.
   *
   * @return what was saved and what was not, in lines for the user
   * @throws IllegalStateException with a sentence for the user when it cannot be done; then all is
   *     as it was
   */
  public static List<String> of(Path data) {
    if (!SqliteDeliveryLog.isIn(data)) {
      throw new IllegalStateException("There is no delivery log in " + data + ".");
    }
    try (DataDirectory directory = DataDirectory.own(data, DataDirectory.Use.COMMAND)) {
      Path file = directory.logFile();
      String time = Instant.now().toString().replaceAll("[-:]|\\..*", "");
      return new Salvage(file, file.resolveSibling(file.getFileName() + ".damaged-" + time)).run();
    }
  }

  private List<String> run() {
    try {
      save();
      replace();
      report.add(
          "The damaged log is kept as %s; delete it once you no longer need it.".formatted(kept));
      return report;
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(
          "Nothing can be saved of %s: %s. It is as it was; restore it from a copy, or move it away, with its -wal and -shm, to begin with an empty log."
              .formatted(damaged.file(), ErrorSentence.of(e)),
          e);
    }
  }

  private void save() throws SQLException, IOException {
    fresh.deleteAll();
    try (Connection from = damaged.openInspector();
        Connection to = fresh.openFresh()) {
      copy(from, to);
    } catch (SQLException | RuntimeException e) {
      fresh.deleteAll(); // a start would refuse because of it
      throw e;
    }
  }

  private void copy(Connection from, Connection to) throws SQLException {
    List<String> tables = new ArrayList<>(FIRST);
    List<String> indexes = new ArrayList<>();
    try (Statement source = from.createStatement();
        Statement target = to.createStatement();
        ResultSet row =
            source.executeQuery(
                "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")) {
      while (row.next()) {
        if (row.getString(1).equals("table")) {
          target.execute(row.getString(3));
          if (!tables.contains(row.getString(2))) {
            tables.add(row.getString(2));
          }
        } else {
          indexes.add(row.getString(3));
        }
      }
    }
    for (String pragma : List.of("application_id", "user_version")) {
      execute(to, "PRAGMA %s = %d".formatted(pragma, number(from, "PRAGMA " + pragma)));
    }
    to.setAutoCommit(false);
    boolean whole = true;
    for (String name : tables) {
      SalvagedTable table = new SalvagedTable(from, to, name);
      table.copy();
      whole &= !table.isDamaged();
      report.add(
          "%s: %,d rows%s"
              .formatted(name, table.saved(), table.isDamaged() ? ", and some that are lost" : ""));
    }
    reportLosses(to);
    if (!whole) {
      mend(to);
    }
    for (String index : indexes) {
      execute(to, index);
    }
    to.commit();
  }

  /** Makes rows usable that refer to something lost; keeps positions from being given out twice. */
  private static void mend(Connection to) throws SQLException {
    execute(
        to,
        "INSERT INTO kind SELECT DISTINCT kind, 'unknown', NULL FROM delivery"
            + " WHERE kind NOT IN (SELECT id FROM kind)");
    execute(
        to,
        "INSERT OR REPLACE INTO next_position SELECT 1, %d + max(0, %s)"
            .formatted(SalvagedTable.TRIED_AT_THE_END, NEWEST));
    execute(to, "DELETE FROM content WHERE position NOT IN (SELECT position FROM delivery)");
  }

  private void reportLosses(Connection to) throws SQLException {
    long lostRecords =
        number(
            to,
            "SELECT max(0, %s - %s + 1 - (SELECT count(*) FROM delivery))"
                .formatted(NEWEST, OLDEST));
    if (lostRecords > 0) {
      report.add(
          "Lost: %s, and with them the payloads of some: redeliver what GitHub lists and caravan deliveries does not."
              .formatted(Count.of(lostRecords, "delivery")));
    }
    List<String> guids = new ArrayList<>();
    long lost = 0;
    try (Statement statement = to.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT guid FROM delivery WHERE position NOT IN (SELECT position FROM content)"
                    + " AND position >= (SELECT ifnull(min(position), 0) FROM content)")) {
      while (row.next()) {
        lost++;
        if (guids.size() < MOST_NAMED) {
          guids.add(Guids.decode(row.getBytes(1)));
        }
      }
    }
    if (lost > 0) {
      report.add(
          "Lost: the payloads of %s. A redelivery from GitHub brings each back: %s%s"
              .formatted(
                  Count.of(lost, "delivery"),
                  String.join(", ", guids),
                  lost > guids.size() ? " …" : ""));
    }
  }

  /** In an order that is safe to interrupt: a start is then refused, and never uses a wrong log. */
  private void replace() throws IOException {
    Path file = damaged.file();
    Files.move(file, kept);
    for (String suffix : List.of("-wal", "-shm")) {
      Path beside = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(beside)) {
        Files.move(beside, kept.resolveSibling(kept.getFileName() + suffix));
      }
    }
    DurableFile.moveIntoPlace(fresh.file(), file);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

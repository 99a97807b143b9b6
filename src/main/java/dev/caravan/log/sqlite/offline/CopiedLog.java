package dev.caravan.log.sqlite.offline;

import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.Schema;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a copy of a log contains.
 *
 * @param newest the GUID of the newest delivery, or null in an empty log
 * @param newestAt when that delivery was received
 */
public record CopiedLog(
    long bytes, long deliveries, @Nullable String newest, @Nullable Instant newestAt) {
  private static final double MEBIBYTE = 1 << 20;

  /**
   * Checks, quickly, that a file is a sound log of a version that this program reads.
   *
   * @param named the name for error messages
   * @throws IllegalStateException with a sentence for the user when it is not
   */
  static CopiedLog check(Path file, Path named) {
    Database copy = new Database(file);
    try (Connection connection = copy.openAlone();
        Statement statement = connection.createStatement()) {
      Schema.check(connection, named);
      try (ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
        if (!row.getString(1).equals("ok")) {
          throw new IllegalStateException(
              "%s is damaged (%s).".formatted(named, ErrorSentence.line(row.getString(1), 200)));
        }
      }
      return of(statement, Files.size(file));
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(
          "%s cannot be read as a delivery log: %s.".formatted(named, ErrorSentence.of(e)), e);
    }
  }

  private static CopiedLog of(Statement statement, long bytes) throws SQLException {
    long deliveries;
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM delivery")) {
      deliveries = row.getLong(1);
    }
    try (ResultSet row =
        statement.executeQuery(
            "SELECT guid, received_at FROM delivery ORDER BY position DESC LIMIT 1")) {
      return row.next()
          ? new CopiedLog(
              bytes,
              deliveries,
              Guids.decode(row.getBytes(1)),
              Instant.ofEpochMilli(row.getLong(2)))
          : new CopiedLog(bytes, deliveries, null, null);
    }
  }

  /** For the user. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s in %.1f MiB%s",
        Count.of(deliveries, "delivery"),
        bytes / MEBIBYTE,
        newest == null ? "" : ", the newest %s, received at %s".formatted(newest, newestAt));
  }
}

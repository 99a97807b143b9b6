package dev.caravan.log.copy;

import dev.caravan.log.postgres.PostgresLogTables;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.SqliteLogTables;
import dev.caravan.log.tables.LogTables;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Copies a log from one place to another. */
public final class LogCopies {
  private LogCopies() {}

  /**
   * Where a log is.
   *
   * @param data the directory of an embedded log, or null
   * @param database the database of a shared log, or null
   */
  public record Place(@Nullable Path data, @Nullable PostgresPlace database) {
    private LogTables open() throws SQLException {
      if (database != null) {
        return PostgresLogTables.open(database);
      }
      return SqliteLogTables.open(data == null ? Path.of("") : data);
    }
  }

  /**
   * Copies the whole log, and checks the copy.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be done
   */
  public static Copied copy(Place from, Place to, CopyProgress progress) {
    Path data = from.data();
    if (data != null && !SqliteDeliveryLog.isIn(data)) {
      throw new IllegalStateException("There is no delivery log in %s.".formatted(data));
    }
    try (LogTables source = from.open()) {
      source.refuseWhenUnfinished();
      try (LogTables target = to.open()) {
        return new LogCopy(source, target, progress).run();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The log was not copied whole: %s. Run the command again to continue."
              .formatted(e.getMessage()),
          e);
    }
  }
}

package dev.caravan.log.sqlite.offline;

import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.LeftFrames;
import dev.caravan.logging.ErrorSentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Writes the log into a fresh file without free space, which then takes its place. Not while a
 * server runs: what it commits meanwhile would be missing.
 */
public final class Compaction {
  private static final String UNFINISHED = ".compact";

  private Compaction() {}

  /** The bytes of the file, before and after. */
  public record Result(long before, long after) {}

  /**
   * Compacts the log of a directory.
   *
   * @throws LogInUseException when a server runs
   * @throws IllegalStateException with a sentence for the user when it cannot be done; then all is
   *     as it was
   */
  public static Result of(Path data) {
    if (!SqliteDeliveryLog.isIn(data)) {
      throw new IllegalStateException("There is no delivery log in " + data + ".");
    }
    try (DataDirectory directory = DataDirectory.own(data, DataDirectory.Use.COMMAND)) {
      Database log = new Database(directory.logFile());
      Path unfinished = log.file().resolveSibling(log.file().getFileName() + UNFINISHED);
      Database compact = new Database(unfinished); // on the log's disk, also behind a link
      try {
        return into(compact, log);
      } finally {
        compact.deleteAll(); // if it is not in its place by now, it is of no use
      }
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(
          "The log in %s cannot be compacted: %s. It is as it was."
              .formatted(data, ErrorSentence.of(e)),
          e);
    }
  }

  private static Result into(Database compact, Database log) throws SQLException, IOException {
    compact.deleteAll();
    new LeftFrames(log).move();
    long before = Files.size(log.file());
    Files.createFile(compact.file(), OwnerOnly.file(compact.file()));
    log.compactInto(compact.file());
    compact.useWriteAheadFile();
    CopiedLog.check(compact.file(), log.file());
    if (Files.exists(log.writeAheadFile())) { // it would be mistaken for the fresh one's
      throw new IOException(log.writeAheadFile() + " is in use by another program");
    }
    DurableFile.moveIntoPlace(compact.file(), log.file());
    return new Result(before, Files.size(log.file()));
  }
}

package dev.caravan.log.sqlite.offline;

import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.shipping.CopyFailure;
import dev.caravan.log.shipping.ShippedLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.directory.UnfinishedCopy;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup, or what was shipped, into a data directory that has no log. It is verified first
 * and moved into its place last: if it is interrupted before, it can be run again.
 */
public final class Restore {
  private static final String UNFINISHED = DataDirectory.LOG_FILE + Database.RESTORED;

  private final Path data;
  private final Consumer<String> report;
  private final Verification.Progress progress;

  /**
   * @param report told what cannot be used, in sentences
   */
  public Restore(Path data, Consumer<String> report, Verification.Progress progress) {
    this.data = data;
    this.report = report;
    this.progress = progress;
  }

  /**
   * The restored log.
   *
   * @param upTo the moment that it shows, or null when that is not known
   */
  public record Result(CopiedLog log, @Nullable Instant upTo) {}

  /**
   * Restores a backup.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be done; then nothing
   *     has changed
   */
  public Result from(Path backup) {
    if (!Files.isRegularFile(backup)) {
      throw new IllegalStateException("There is no file %s.".formatted(backup));
    }
    return restore(
        target -> {
          OwnerOnly.copy(backup, target);
          return null;
        },
        backup.toString());
  }

  /** Restores what was shipped to a storage; throws what {@link #from(Path)} does. */
  public Result from(Storage storage) {
    return restore(new ShippedLog(storage, report)::writeTo, storage.toString());
  }

  /** Writes a copy into a file, and returns the moment that it shows, if known. */
  @FunctionalInterface
  private interface Source {
    @Nullable Instant writeTo(Path target) throws IOException;
  }

  private Result restore(Source source, String named) {
    try (DataDirectory directory = DataDirectory.own(data, DataDirectory.Use.COMMAND)) {
      Path file = directory.logFile();
      Database database = new Database(file);
      if (Files.exists(file) || Files.exists(database.writeAheadFile())) {
        throw new IllegalStateException(
            "There is a delivery log in %s already, and it is not overwritten. Move %s* away, or restore into another directory with --data."
                .formatted(data, file));
      }
      if (Files.isSymbolicLink(file)) {
        throw new IllegalStateException(
            "The delivery log %s is a link to a file that is not there. Mount its disk; or, to restore into %s itself, delete the link."
                .formatted(file, data));
      }
      Database copy = new Database(data.resolve(UNFINISHED));
      try {
        return place(source, copy, file, named);
      } finally {
        copy.deleteAll(); // if it is not in its place by now, it is of no use
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(
          "%s cannot be restored: %s.".formatted(named, CopyFailure.of(e)), e);
    }
  }

  private Result place(Source source, Database copy, Path file, String named)
      throws IOException, SQLException {
    copy.deleteAll();
    Instant upTo = source.writeTo(copy.file());
    CopiedLog restored = CopiedLog.check(copy.file(), Path.of(named));
    copy.useWriteAheadFile();
    Verification.Result found = Verification.ofFile(copy.file(), progress);
    if (!found.problems().isEmpty()) {
      throw new IllegalStateException(
          "%s is damaged, and was not restored: %s"
              .formatted(named, String.join(" ", found.problems())));
    }
    new UnfinishedCopy(data).ends(); // the mark of a log that was here before
    DurableFile.moveIntoPlace(copy.file(), file);
    return new Result(restored, upTo);
  }
}

package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.offline.Compaction;
import dev.caravan.log.sqlite.offline.Restore;
import dev.caravan.log.sqlite.offline.Salvage;
import dev.caravan.log.sqlite.offline.Verification;
import dev.caravan.receiver.LogEngines;
import dev.caravan.storage.Places;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * What commands do with the file of a log. Each throws {@link CannotStartException} with a sentence
 * for the user when it cannot be done.
 */
public final class LogFile {
  private static final double MEBIBYTE = 1 << 20;

  private LogFile() {}

  /** Told the progress of something. */
  @FunctionalInterface
  public interface Progress {
    void at(String what, long done, long all);
  }

  /**
   * The result of reading a whole log.
   *
   * @param problems in sentences; none for a sound log
   */
  public record Verified(List<String> problems, long payloads) {}

  /**
   * Refuses to work with a file when the log is not in one.
   *
   * @throws CannotStartException with a sentence that says what to do instead
   */
  public static void require(Settings settings) {
    if (LogEngines.isShared(settings)) {
      throw new CannotStartException(
          "caravan.log is in PostgreSQL: back up and restore that database, with pg_dump or a base backup.");
    }
  }

  /** Whether there is a log in that directory. */
  public static boolean isIn(Path data) {
    return SqliteDeliveryLog.isIn(data);
  }

  /** Bytes of the log in that directory. */
  public static long size(Path data) {
    return SqliteDeliveryLog.file(data).toFile().length();
  }

  /** Begins a backup. */
  public static Backup backup(Path file) {
    return answer(() -> new Backup(new dev.caravan.log.sqlite.offline.Backup(file)));
  }

  /** A backup that was begun; deleted when it is closed before it is done. */
  public static final class Backup implements AutoCloseable {
    private final dev.caravan.log.sqlite.offline.Backup backup;

    private Backup(dev.caravan.log.sqlite.offline.Backup backup) {
      this.backup = backup;
    }

    /** Writes what a running server sends; returns what it contains, in words. */
    public String receive(InputStream pages, LongConsumer progress) {
      return answer(() -> backup.receive(pages, progress).toString());
    }

    /** Copies the log of a directory without a running server; returns what is in it, in words. */
    public String copy(Path data, long bytesPerSecond, LongConsumer progress) {
      return answer(() -> backup.copy(data, bytesPerSecond, progress).toString());
    }

    @Override
    public void close() {
      backup.giveUp();
    }
  }

  /**
   * Restores a backup, or what was shipped to a storage.
   *
   * @param from as the user wrote it
   * @param file the same as a path
   * @param report told what could not be used
   * @return what was restored, in words
   */
  public static String restore(
      String from,
      Path file,
      Path data,
      Settings settings,
      Map<String, String> environment,
      Consumer<String> report,
      Progress progress) {
    return answer(
        () -> {
          Restore restore = new Restore(data, report, progress::at);
          Restore.Result result =
              Places.isAddress(from)
                  ? restore.from(
                      Places.open(from, settings.text("caravan.log.ship.endpoint"), environment))
                  : restore.from(file);
          return result.upTo() == null
              ? result.log().toString()
              : "%s, as it was at %s".formatted(result.log(), result.upTo());
        });
  }

  /** Verifies the log in a directory. */
  public static Verified verify(Path data, Progress progress) {
    return answer(
        () -> {
          if (!isIn(data)) {
            throw new IllegalStateException("There is no delivery log in %s.".formatted(data));
          }
          return verified(Verification.ofDirectory(data, progress::at));
        });
  }

  /** Verifies a backup. */
  public static Verified verifyFile(Path file, Progress progress) {
    return answer(
        () -> {
          if (!file.toFile().isFile()) {
            throw new IllegalStateException("There is no file %s.".formatted(file));
          }
          return verified(Verification.ofFile(file, progress::at));
        });
  }

  private static Verified verified(Verification.Result found) {
    return new Verified(found.problems(), found.payloads());
  }

  /** Rewrites the log without its free space; returns the new and the old size, in words. */
  public static String compact(Path data) {
    return answer(
        () -> {
          Compaction.Result result = Compaction.of(data);
          return String.format(
              Locale.ROOT,
              "%.1f MiB, before %.1f MiB",
              result.after() / MEBIBYTE,
              result.before() / MEBIBYTE);
        });
  }

  /**
   * Saves what can be read of a damaged log into a fresh one that takes its place.
   *
   * @return what was saved and what was not, in lines for the user
   */
  public static List<String> salvage(Path data) {
    return answer(() -> Salvage.of(data));
  }

  private static <T> T answer(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new CannotStartException(e.getMessage(), e);
    }
  }
}

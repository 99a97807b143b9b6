package dev.caravan.log.spool;

import dev.caravan.files.Directory;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The log file of a spool, and whether it has room. Opened, closed and looked at by one thread at a
 * time; its getters are safe for many.
 */
final class SpoolFile {
  /** Bytes. On a full disk the log could not even record what has been appended, and be emptied. */
  private static final long LEFT_FREE = 64L << 20;

  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Path directory;
  private final LogOptions options;
  private final Consumer<SqliteDeliveryLog> onOpen;
  private volatile SqliteDeliveryLog log;
  private volatile boolean isOpen;
  private volatile String trouble = "";
  private long lookedAt;

  /**
   * Opens it.
   *
   * @param onOpen is given each log that is opened after this one
   */
  SpoolFile(Path directory, LogOptions options, Consumer<SqliteDeliveryLog> onOpen) {
    this.directory = directory;
    this.options = options;
    this.onOpen = onOpen;
    SqliteDeliveryLog.forgetLargeAttempts(directory);
    this.log = SqliteDeliveryLog.open(directory, options);
    this.isOpen = true;
    look();
  }

  Path directory() {
    return directory;
  }

  SqliteDeliveryLog log() {
    return log;
  }

  /** Why it takes no more; empty when it does. As of the last look. */
  String trouble() {
    return trouble.isEmpty() ? log.trouble() : trouble;
  }

  /** Looks at its state, unless the last look was a moment ago. */
  void lookNowAndThen() {
    if (System.nanoTime() - lookedAt >= BETWEEN_LOOKS_NANOS) {
      look();
    }
  }

  private void look() {
    lookedAt = System.nanoTime();
    if (!isOpen) {
      open();
    }
    if (isOpen) {
      long free = log.figures().bytesFree();
      trouble =
          free != LogFigures.UNKNOWN && free < LEFT_FREE
              ? "the disk of the spool %s has less than %d MiB left"
                  .formatted(directory, LEFT_FREE >> 20)
              : "";
    }
  }

  private void open() {
    try {
      SqliteDeliveryLog opened = SqliteDeliveryLog.open(directory, options);
      try {
        onOpen.accept(opened);
      } catch (RuntimeException e) { // without a subscription nothing would be forwarded
        opened.close();
        throw e;
      }
      log = opened;
      isOpen = true;
    } catch (IllegalStateException | LogUnavailableException e) { // the next look tries again
      trouble = String.valueOf(e.getMessage());
    }
  }

  /** Deletes its contents, all of which are in the shared log. */
  void makeAnew() {
    close(true);
    look();
  }

  /**
   * Closes it.
   *
   * @param isOver whether all of it is in the shared log; then the file is deleted
   */
  void close(boolean isOver) {
    if (isOpen) {
      isOpen = false;
      log.close();
      if (isOver) {
        delete();
      }
    }
  }

  private void delete() {
    try {
      for (Path each : Directory.entries(directory, "log.db*")) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

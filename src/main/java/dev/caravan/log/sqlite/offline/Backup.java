package dev.caravan.log.sqlite.offline;

import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.pages.PageFile;
import dev.caravan.log.pages.PageReader;
import dev.caravan.log.pages.PageSink;
import dev.caravan.log.shipping.CopyFailure;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.directory.UnfinishedCopy;
import dev.caravan.log.sqlite.file.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/**
 * Writes a backup of a log: first under another name, then checked, flushed, and moved to its
 * place.
 */
public final class Backup {
  private static final int PAGES_AT_ONCE = 256;
  private static final int BUSY_MILLIS = 100;
  private static final int BUSY_TRIES = 300;

  private final Path file;
  private final Path part;

  /**
   * @throws IllegalStateException with a sentence for the user when the file exists, or cannot be
   *     written
   */
  public Backup(Path file) {
    this.file = file.toAbsolutePath();
    this.part = this.file.resolveSibling(this.file.getFileName() + ".part");
    if (Files.exists(file)) {
      throw new IllegalStateException(
          "%s is there already, and is not overwritten. Name another file.".formatted(file));
    }
    try {
      OwnerOnly.create(part);
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s cannot be written by %s: %s. Name a directory that is there and may be written to."
              .formatted(
                  file,
                  System.getProperty("user.name"),
                  e instanceof AccessDeniedException ? "permission denied" : CopyFailure.of(e)),
          e);
    }
  }

  /**
   * Receives the backup that a running server sends.
   *
   * @param progress told how many bytes have arrived
   * @throws IllegalStateException with a sentence for the user when it did not arrive whole, or is
   *     damaged
   */
  public CopiedLog receive(InputStream pages, LongConsumer progress) {
    try (PageFile target = new PageFile(part)) {
      PageSink counted =
          (number, content) -> {
            target.page(number, content);
            progress.accept(target.written());
          };
      target.finish(PageReader.read(pages, counted));
    } catch (IOException e) {
      throw failed(e);
    }
    return finish();
  }

  /**
   * Copies the log of a directory without a running server. One may be started meanwhile.
   *
   * @param progress told how many bytes were copied
   * @throws IllegalStateException with a sentence for the user when that cannot be done
   */
  public CopiedLog copy(Path data, long bytesPerSecond, LongConsumer progress) {
    refuseHalf(data);
    Database from = new Database(data.resolve(DataDirectory.LOG_FILE));
    try (Connection connection = from.openInspector();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN"); // all of it as of one moment
      statement.execute("SELECT count(*) FROM sqlite_schema");
      long began = System.nanoTime();
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup(
                  "main",
                  part.toString(),
                  (remaining, all) -> {
                    long bytes = (all - remaining) * (long) Database.PAGE_BYTES;
                    progress.accept(bytes);
                    double due = bytes / (double) bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
                    LockSupport.parkNanos((long) due - (System.nanoTime() - began));
                  },
                  BUSY_MILLIS,
                  BUSY_TRIES,
                  PAGES_AT_ONCE);
      if (result != SQLiteErrorCode.SQLITE_OK.code) {
        throw new SQLException(SQLiteErrorCode.getErrorCode(result).toString());
      }
    } catch (SQLException e) {
      throw failed(e);
    }
    return finish();
  }

  private void refuseHalf(Path data) {
    try {
      new UnfinishedCopy(data).refuse();
    } catch (IllegalStateException e) {
      giveUp();
      throw e;
    }
  }

  /** Deletes what was begun. */
  public void giveUp() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // the next backup with this name deletes it
    }
  }

  private CopiedLog finish() {
    try {
      CopiedLog copied = CopiedLog.check(part, file);
      DurableFile.moveIntoPlace(part, file);
      return copied;
    } catch (IOException e) {
      throw failed(e);
    } catch (IllegalStateException e) {
      giveUp();
      throw e;
    }
  }

  private IllegalStateException failed(Exception cause) {
    giveUp();
    return new IllegalStateException(
        "There is no backup: %s.".formatted(CopyFailure.of(cause)), cause);
  }
}

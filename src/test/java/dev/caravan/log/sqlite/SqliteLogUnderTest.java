package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** The embedded engine, as the tests of every engine use it. */
final class SqliteLogUnderTest implements LogUnderTest {
  private static final String FILE = DataDirectory.LOG_FILE;
  private static final String WRITE_AHEAD_FILE = FILE + "-wal";

  private final LogOptions options;
  private volatile Duration passed = Duration.ZERO;
  private final Path place;
  private Path data;
  private int crashes;
  private SqliteDeliveryLog log;

  /** One for the tests of every engine. */
  SqliteLogUnderTest(Path data, Dedupe dedupe, Retention retention) {
    this.place = data;
    this.data = data;
    this.options =
        TestLog.options(dedupe, retention, this::now, () -> System.nanoTime() + passed.toNanos());
    this.log = SqliteDeliveryLog.open(data, options);
  }

  /** One that is as a test wants it. */
  SqliteLogUnderTest(Path data, LogOptions options) {
    this.place = data;
    this.data = data;
    this.options = options;
    this.log = SqliteDeliveryLog.open(data, options);
  }

  @Override
  public SqliteDeliveryLog log() {
    return log;
  }

  @Override
  public void restart() {
    log.close();
    log = SqliteDeliveryLog.open(data, options);
  }

  /** Copies the files within a transaction, so that it is not on disk, and goes on with those. */
  @Override
  public void crash(Runnable died) {
    Path copy = place.resolve("crash-" + ++crashes);
    log.committer()
        .run(
            writer -> {
              copyTo(copy);
              died.run();
              return copy;
            });
    log.close();
    data = copy;
    log = SqliteDeliveryLog.open(data, options);
  }

  /**
   * First the write-ahead file: what is moved from there meanwhile is in both, and it is begun anew
   * by the committer only, which is here.
   */
  private void copyTo(Path copy) {
    try {
      Files.createDirectories(copy);
      Path ahead = data.resolve(WRITE_AHEAD_FILE);
      if (Files.exists(ahead)) {
        Files.copy(ahead, copy.resolve(WRITE_AHEAD_FILE));
      }
      Files.copy(data.resolve(FILE), copy.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Instant now() {
    return Instant.now().plus(passed);
  }

  @Override
  public void pass(Duration time) {
    passed = passed.plus(time);
  }

  @Override
  public void sweep() {
    log.sweep();
  }

  @Override
  public void index() {
    try {
      log.index();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}

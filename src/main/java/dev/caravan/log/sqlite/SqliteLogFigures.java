package dev.caravan.log.sqlite;

import dev.caravan.log.DeadLetteredCount;
import dev.caravan.log.Distribution;
import dev.caravan.log.GivenUp;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.SubscriptionFigures;
import dev.caravan.log.search.FigureReport;
import dev.caravan.log.search.Subscriptions;
import dev.caravan.log.tables.LogCounters;
import dev.caravan.log.tables.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a log on SQLite: what it counts of itself, and what its file says. */
final class SqliteLogFigures implements LogFigures {
  private final FileHealth health;
  private final Supplier<String> trouble;
  private final Database database;
  private final Readers readers;
  private final Subscriptions running;
  private final LogCounters counters;
  private final long bytesKept;
  private final Supplier<@Nullable Duration> shippedAge;

  SqliteLogFigures(
      FileHealth health,
      Supplier<String> trouble,
      Database database,
      Readers readers,
      Subscriptions running,
      LogCounters counters,
      long bytesKept,
      Supplier<@Nullable Duration> shippedAge) {
    this.health = health;
    this.trouble = trouble;
    this.database = database;
    this.readers = readers;
    this.running = running;
    this.counters = counters;
    this.bytesKept = bytesKept;
    this.shippedAge = shippedAge;
  }

  @Override
  public @Nullable Duration shippedAge() {
    return shippedAge.get();
  }

  @Override
  public Distribution appendTime() {
    return counters.appendTime.read();
  }

  @Override
  public Distribution flushed() {
    return counters.flushed.read();
  }

  @Override
  public long repeats() {
    return counters.repeats.sum();
  }

  @Override
  public long differing() {
    return counters.differing.sum();
  }

  @Override
  public long copies() {
    return counters.copies.sum();
  }

  @Override
  public long failedFlushes() {
    return counters.failedFlushes.sum();
  }

  @Override
  public long slowWrites() {
    return counters.slowWrites.sum();
  }

  @Override
  public boolean isDamaged() {
    return health.isDamaged();
  }

  @Override
  public boolean isWritable() {
    return trouble.get().isEmpty();
  }

  @Override
  public long bytesOnDisk() {
    return size(database.file()) + size(database.writeAheadFile());
  }

  @Override
  public long bytesFree() {
    try {
      return Files.getFileStore(database.file()).getUsableSpace();
    } catch (IOException e) {
      return 0; // nothing can be written there either
    }
  }

  @Override
  public long bytesKept() {
    return bytesKept;
  }

  @Override
  public List<DeadLetteredCount> deadLettered() {
    return counters.deadLettered();
  }

  @Override
  public Map<String, List<GivenUp>> newestGivenUp() {
    return counters.newestGivenUp();
  }

  @Override
  public List<SubscriptionFigures> subscriptions() {
    try {
      return readers.read(reader -> FigureReport.read(reader, running, counters::of));
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // the write-ahead file may be gone for a moment
    }
  }
}

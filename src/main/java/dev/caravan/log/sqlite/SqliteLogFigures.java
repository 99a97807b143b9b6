package dev.caravan.log.sqlite;

import dev.caravan.log.DeadLetteredCount;
import dev.caravan.log.Distribution;
import dev.caravan.log.GivenUp;
import dev.caravan.log.LogFigures;
import dev.caravan.log.Retention;
import dev.caravan.log.SubscriptionFigures;
import dev.caravan.log.search.FigureReport;
import dev.caravan.log.search.Subscriptions;
import dev.caravan.log.tables.LogCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a log on SQLite: what it counts of itself, and what its file says. */
final class SqliteLogFigures implements LogFigures {
  private final OpenLogFile file;
  private final Subscriptions running;
  private final LogCounters counters;
  private final long bytesKept;
  private final Supplier<@Nullable Duration> shippedAge;

  SqliteLogFigures(
      OpenLogFile file,
      Subscriptions running,
      LogCounters counters,
      Retention retention,
      Supplier<@Nullable Duration> shippedAge) {
    this.file = file;
    this.running = running;
    this.counters = counters;
    this.bytesKept = retention.size();
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
    return file.isDamaged();
  }

  @Override
  public boolean isWritable() {
    return file.trouble().isEmpty();
  }

  @Override
  public long bytesOnDisk() {
    return size(file.path()) + size(file.writeAheadPath());
  }

  @Override
  public long bytesFree() {
    try {
      return Files.getFileStore(file.path()).getUsableSpace();
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
    return file.lookupReaders().ask(reader -> FigureReport.read(reader, running, counters::of));
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0; // the write-ahead file may be gone for a moment
    }
  }
}

package dev.caravan.log.sqlite;

import dev.caravan.log.Retention;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.state.CountedFigures;
import dev.caravan.log.state.FigureReport;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.state.Subscriptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a log on SQLite: its own counts, and what its file says. */
final class SqliteLogFigures extends CountedFigures {
  private final OpenLogFile file;
  private final Subscriptions running;
  private final Supplier<@Nullable Duration> shippedAge;

  SqliteLogFigures(
      OpenLogFile file,
      Subscriptions running,
      LogCounters counters,
      Retention retention,
      Supplier<@Nullable Duration> shippedAge) {
    super(counters, retention.size());
    this.file = file;
    this.running = running;
    this.shippedAge = shippedAge;
  }

  @Override
  public @Nullable Duration shippedAge() {
    return shippedAge.get();
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
  public List<SubscriptionFigures> subscriptions() {
    return file.lookupReaders().ask(reader -> FigureReport.read(reader, running, counters()::of));
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0; // the write-ahead file may be gone for a moment
    }
  }
}

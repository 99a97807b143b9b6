package dev.caravan.log.sqlite;

import dev.caravan.log.Distribution;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.SubscriptionFigures;
import dev.caravan.log.SubscriptionStatus;
import dev.caravan.log.dispatch.SubscriptionCounters;
import dev.caravan.log.search.Backlog;
import dev.caravan.log.search.Subscriptions;
import dev.caravan.log.tables.DeliveryReader;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.LogCounters;
import dev.caravan.log.tables.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a log on SQLite: what it counts of itself, and what its file says. */
final class SqliteLogFigures implements LogFigures {
  /** Rows are counted up to a number, so that a million dead letters cost no more than some. */
  private static final String ROWS =
      """
      SELECT s.name, s.paused,
        (SELECT count(*) FROM (SELECT 1 FROM due u WHERE u.subscription = s.id LIMIT ?1)),
        (SELECT count(*) FROM (SELECT 1 FROM dead_letter l WHERE l.subscription = s.id LIMIT ?1))
      FROM subscription s ORDER BY s.name""";

  private final FileHealth health;
  private final Supplier<String> trouble;
  private final LongSupplier end;
  private final Database database;
  private final Readers readers;
  private final Subscriptions running;
  private final EventTypes kinds;
  private final LogCounters counters;
  private final long bytesKept;

  SqliteLogFigures(
      FileHealth health,
      Supplier<String> trouble,
      LongSupplier end,
      Database database,
      Readers readers,
      Subscriptions running,
      EventTypes kinds,
      LogCounters counters,
      long bytesKept) {
    this.health = health;
    this.trouble = trouble;
    this.end = end;
    this.database = database;
    this.readers = readers;
    this.running = running;
    this.kinds = kinds;
    this.counters = counters;
    this.bytesKept = bytesKept;
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
  public List<SubscriptionFigures> subscriptions() {
    try {
      return readers.read(this::subscriptions);
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }

  private List<SubscriptionFigures> subscriptions(DeliveryReader reader) throws SQLException {
    List<SubscriptionFigures> figures = new ArrayList<>();
    try (PreparedStatement statement = reader.prepare(ROWS)) {
      statement.setInt(1, SubscriptionFigures.MOST_COUNTED);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          figures.add(subscription(row, reader));
        }
      }
    }
    return figures;
  }

  private SubscriptionFigures subscription(ResultSet row, DeliveryReader reader)
      throws SQLException {
    String name = row.getString(1);
    Subscriptions.Running found = running.find(name);
    Subscriptions.Running dispatcher = found == null || !found.isOpen() ? null : found;
    SubscriptionStatus status = dispatcher == null ? null : dispatcher.status();
    Backlog backlog =
        dispatcher == null
            ? new Backlog(0, null)
            : Backlog.of(
                dispatcher, kinds, reader, end.getAsLong(), SubscriptionFigures.MOST_COUNTED);
    SubscriptionCounters counted = counters.of(name);
    return new SubscriptionFigures(
        name,
        dispatcher != null,
        status == null ? row.getBoolean(2) : status.paused(),
        backlog.deliveries(),
        age(backlog.oldestReceivedAt()),
        row.getLong(3),
        row.getLong(4),
        status == null ? 0 : status.running(),
        counted.attempts(),
        counted.failures(),
        counted.deadLettered());
  }

  /** Not below 0 when a clock was set back. */
  private static double age(@Nullable Instant since) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1000.0);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // the write-ahead file may be gone for a moment
    }
  }
}

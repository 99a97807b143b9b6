package dev.caravan.log.search;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.reading.Readers;
import dev.caravan.logging.ErrorSentence;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the {@link SearchIndex} up to the end of the log, after everything else: on a thread of
 * its own, a stretch at a time, each in its own transaction. After an interruption it continues
 * where it was. While deliveries arrive fast it takes a fiftieth of one processor, and a fifth
 * while a few arrive or subscriptions are behind.
 */
public final class SearchIndexer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long INTERVAL_MILLIS = 1000;

  /** Deliveries processed between two looks at how many arrive. */
  private static final int AT_ONCE = 64;

  /** While others have work, it pauses this many times as long as it worked. */
  private static final int SHARE_OF_OTHERS = 4;

  private static final int SHARE_OF_MANY = 50;
  private static final int MANY_PER_SECOND = 500;

  private static final String ROWS =
      "SELECT "
          + Stretch.COLUMNS
          + " FROM delivery d WHERE d.position >= ? AND d.position < ? ORDER BY d.position";

  private final Readers readers;
  private final IndexWriter writer;
  private final Supplier<String> trouble;
  private final LongSupplier end;
  private final BooleanSupplier areBehind;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "delivery-log-index");
            thread.setDaemon(true);
            return thread;
          });
  private long next = -1;
  private long lookedAt = System.nanoTime();
  private long endThen;
  private double perSecond;
  private volatile boolean stopped;

  /**
   * @param trouble why nothing can be written at this moment, or an empty text
   * @param end the first position that is not committed yet
   * @param areBehind whether subscriptions have more to run than what has just arrived
   */
  public SearchIndexer(
      Readers readers,
      IndexWriter writer,
      Supplier<String> trouble,
      LongSupplier end,
      BooleanSupplier areBehind) {
    this.readers = readers;
    this.writer = writer;
    this.trouble = trouble;
    this.end = end;
    this.areBehind = areBehind;
    this.endThen = end.getAsLong();
  }

  public void start() {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::runOrSayWhyNot, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Brings the index up to the last full stretch. */
  public synchronized void run() throws SQLException {
    lookAround();
    if (end.getAsLong() < next) {
      next = -1; // the log was restored
    }
    while (!stopped && end.getAsLong() >= next(next) + Stretch.POSITIONS) {
      long first = next(next);
      add(first);
      next = first + Stretch.POSITIONS;
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.shutdownNow();
  }

  private void runOrSayWhyNot() {
    try {
      if (trouble.get().isEmpty()) {
        run();
      }
    } catch (SQLException | RuntimeException | Error e) { // an exception would end the schedule
      if (!stopped) {
        LOG.info("The search index waits, and searches take longer: {}", ErrorSentence.of(e));
      }
    }
  }

  /** Where to continue. */
  private long next(long known) throws SQLException {
    return known >= 0
        ? known
        : readers.read(
            reader -> {
              Long reached = SearchIndex.end(reader);
              if (reached != null) {
                return reached;
              }
              try (PreparedStatement statement =
                      reader.prepare("SELECT min(position) FROM delivery");
                  ResultSet row = statement.executeQuery()) {
                return Stretch.first(row.next() ? row.getLong(1) : 0);
              }
            });
  }

  private void add(long first) throws SQLException {
    Stretch stretch =
        readers.read(
            reader -> {
              try (PreparedStatement statement = reader.prepare(ROWS)) {
                statement.setLong(1, first);
                statement.setLong(2, first + Stretch.POSITIONS);
                try (ResultSet row = statement.executeQuery()) {
                  return StretchRows.read(row);
                }
              }
            });
    List<long[]> mentions = new ArrayList<>();
    while (mentions.size() < stretch.size() && !stopped) {
      long began = System.nanoTime();
      int from = mentions.size();
      int to = Math.min(stretch.size(), from + AT_ONCE);
      mentions.addAll(readers.read(reader -> mentions(stretch, from, to, reader)));
      if (MentionColumn.isTooLarge(mentions)) {
        return; // searches read its rows instead
      }
      letOthersPass(System.nanoTime() - began);
    }
    if (stopped) {
      return;
    }
    byte[] columns = SearchIndex.pack(stretch.encode(first));
    byte[] mentioned = MentionColumn.encode(mentions);
    try {
      writer.add(first, stretch.size(), columns, mentioned);
    } catch (LogUnavailableException e) {
      next = first; // tries again later
      throw e;
    }
  }

  private static List<long[]> mentions(Stretch stretch, int from, int to, DeliveryReader reader)
      throws SQLException {
    List<long[]> mentions = new ArrayList<>();
    for (int row = from; row < to; row++) {
      long position = stretch.position(row);
      Delivery delivery =
          reader.contentLength(position) > Mentions.LARGEST ? null : reader.loadUndamaged(position);
      mentions.add(delivery == null ? new long[0] : Mentions.of(delivery.payload()));
    }
    return mentions;
  }

  private void letOthersPass(long nanos) {
    lookAround();
    if (perSecond >= MANY_PER_SECOND) {
      LockSupport.parkNanos(this, nanos * SHARE_OF_MANY);
    } else if (perSecond > 0 || areBehind.getAsBoolean()) {
      LockSupport.parkNanos(this, nanos * SHARE_OF_OTHERS);
    }
  }

  /** Measures, now and then, how fast deliveries arrive. */
  private void lookAround() {
    long now = System.nanoTime();
    long since = now - lookedAt;
    if (since >= TimeUnit.MILLISECONDS.toNanos(100)) {
      perSecond = (end.getAsLong() - endThen) * 1e9 / since;
      lookedAt = now;
      endThen = end.getAsLong();
    }
  }
}

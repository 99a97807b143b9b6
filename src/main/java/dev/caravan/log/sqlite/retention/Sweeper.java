package dev.caravan.log.sqlite.retention;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Retention;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.commit.Transactions;
import dev.caravan.log.sqlite.file.FilePages;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.ClockTrust;
import dev.caravan.log.tables.RetentionLines;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the {@link Retention}, at intervals, on a thread of its own: first bodies, then
 * GUIDs, then pages of the file.
 *
 * <p>The committer writes all of it, in steps so short that an append hardly notices one; while
 * there are appends, they get most of the committer's time.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final long STEP_NANOS = 2_000_000;

  /** Appends get this many times as much of the committer's time as a step may take. */
  private static final int SHARE_OF_APPENDS = 4;

  private static final int GUIDS_AT_ONCE = 200;
  private static final int PAGES_AT_ONCE = 32;

  /** The share of the file, and the number of pages, that stay free for what comes next. */
  private static final int FREE_SHARE = 8;

  private static final int FREE_PAGES = 256;

  private final Retention retention;
  private final InstantSource clock;
  private final Transactions transactions;
  private final Supplier<String> trouble;
  private final RunningSubscriptions running;
  private final LogCounters counters;
  private final LongSupplier end;
  private final Lock starts;
  private final ClockTrust trust;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> new Thread(work, "delivery-log-retention"));
  private volatile boolean stopped;

  /**
   * @param trouble why nothing can be written at this moment, or an empty text
   * @param end the first position that is not committed yet
   * @param starts held while a subscription begins, which is neither idle nor running then
   * @param newest when the newest delivery in the log was received
   */
  public Sweeper(
      Retention retention,
      InstantSource clock,
      Transactions transactions,
      Supplier<String> trouble,
      RunningSubscriptions running,
      LogCounters counters,
      LongSupplier end,
      Lock starts,
      Instant newest) {
    this.retention = retention;
    this.clock = clock;
    this.transactions = transactions;
    this.trouble = trouble;
    this.running = running;
    this.counters = counters;
    this.end = end;
    this.starts = starts;
    this.trust = new ClockTrust(newest.toEpochMilli(), System::nanoTime);
  }

  /**
   * Sweeps from now on; the first time after an interval, when the routes of a starting program are
   * loaded.
   */
  public void start() {
    start(INTERVAL);
  }

  public void start(Duration interval) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::sweepOrSayWhyNot,
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Removes what is too old or too much now, and returns when that is done.
   *
   * @throws LogUnavailableException when the log cannot be written
   */
  public synchronized void sweep() {
    long now = clock.millis();
    removeBodies(now, now - retention.age().toMillis());
    removeGuids(now - retention.guidAge().toMillis());
    giveBackPages();
  }

  /** While the clock is not believed, nothing counts as too old, but the log may be too large. */
  private synchronized void sweepWithoutClock() {
    removeBodies(clock.millis(), Long.MIN_VALUE);
    giveBackPages();
  }

  /** Ends a sweep under way after its current step. */
  @Override
  public void close() {
    stopped = true;
    thread.shutdownNow();
  }

  private void sweepOrSayWhyNot() {
    try {
      if (!trouble.get().isEmpty()) {
        return;
      }
      long now = clock.millis();
      switch (trust.look(now, end.getAsLong())) {
        case RIGHT -> sweep();
        case DOUBTED -> sweepWithoutClock();
        case DOUBTED_NOW -> sayThatTheClockIsDoubted(now);
      }
    } catch (LogUnavailableException e) {
      LOG.warn("Retention stopped: {}. It will continue later.", e.getMessage());
    } catch (RuntimeException | Error e) { // or the schedule would end
      LOG.error("Retention stopped. It will continue later.", e);
    }
  }

  private void sayThatTheClockIsDoubted(long now) {
    Duration step = Duration.ofMillis(now - trust.believed());
    LOG.warn(
        "The clock says {}, {} days after the newest delivery. In case it is wrong, retention deletes nothing for its age until deliveries have come in for an hour at that time, or a day has passed.",
        Instant.ofEpochMilli(now),
        step.toDays());
  }

  private void removeBodies(long now, long before) {
    int removed = 0;
    long newest = 0;
    Map<String, Integer> expired = new HashMap<>();
    boolean more = true;
    while (more && !stopped) {
      long committed = end.getAsLong();
      BodyRemoval.Done done = step(() -> removeSome(before, now));
      removed += done.removed();
      newest = Math.max(newest, done.newest());
      done.expired().forEach((name, count) -> expired.merge(name, count, Integer::sum));
      more = done.more();
      if (!done.pressing()) {
        letAppendsPass(committed);
      }
    }
    RetentionLines.deleted(removed, newest, before, now);
    expired.forEach(this::expired);
  }

  private BodyRemoval.Done removeSome(long before, long now) {
    BodyRemoval removal = new BodyRemoval(before, retention.size(), STEP_NANOS, now, running);
    starts.lock();
    try {
      transactions.add(removal);
      return removal.future().join();
    } finally {
      starts.unlock();
    }
  }

  private void expired(String subscription, int count) {
    counters.of(subscription).expired(count);
    RetentionLines.expired(count, subscription);
  }

  private void removeGuids(long before) {
    int removed = 0;
    int last = GUIDS_AT_ONCE;
    while (last == GUIDS_AT_ONCE && !stopped) {
      long committed = end.getAsLong();
      last = step(() -> transactions.run(writer -> writer.removeGuids(before, GUIDS_AT_ONCE)));
      removed += last;
      letAppendsPass(committed);
    }
    RetentionLines.forgotten(removed);
  }

  private void giveBackPages() {
    boolean more = true;
    while (more && !stopped) {
      long committed = end.getAsLong();
      more = step(() -> transactions.run(Sweeper::giveBackPages));
      letAppendsPass(committed);
    }
  }

  /** Whether there is more to give back. */
  private static boolean giveBackPages(Transaction writer) throws SQLException {
    FilePages.Count before = writer.pages().count();
    if (before.free() <= FREE_PAGES + before.all() / FREE_SHARE) {
      return false;
    }
    writer.pages().giveBack(PAGES_AT_ONCE);
    return writer.pages().count().all() < before.all();
  }

  private static <T> T step(Supplier<T> step) {
    try {
      return step.get();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogUnavailableException unavailable ? unavailable : e;
    }
  }

  /** If there were appends since then, leaves the committer to them for a while. */
  private void letAppendsPass(long committedBefore) {
    if (end.getAsLong() != committedBefore) {
      LockSupport.parkNanos(this, SHARE_OF_APPENDS * STEP_NANOS);
    }
  }
}

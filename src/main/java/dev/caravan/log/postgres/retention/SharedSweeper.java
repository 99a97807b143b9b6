package dev.caravan.log.postgres.retention;

import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Retention;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.postgres.shards.SharedTask;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.ClockTrust;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.RetentionLines;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the {@link Retention} for all nodes, on one of them, at intervals: first bodies, then
 * GUIDs, in steps so short that outcomes hardly wait. Ages are measured by the database's clock,
 * not by that of the node which does it.
 */
public final class SharedSweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final int GUIDS_AT_ONCE = 200;

  private static final String TIME_AND_NEWEST =
      "SELECT "
          + SharedTime.NOW
          + ", next, (SELECT received_at FROM delivery ORDER BY position DESC LIMIT 1) FROM head";

  private final Retention retention;
  private final Sessions sessions;
  private final EventTypes kinds;
  private final LogCounters counters;
  private final SharedTask task;
  private final DueChanges.Listener listener;
  private final Supplier<String> trouble;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> new Thread(work, "delivery-log-retention"));
  private @Nullable ClockTrust trust;
  private volatile boolean stopped;

  /**
   * @param trouble why nothing can be written now; empty when it can
   */
  public SharedSweeper(
      LogOptions options,
      Sessions sessions,
      EventTypes kinds,
      LogCounters counters,
      NodeNumber number,
      DueChanges.Listener listener,
      Supplier<String> trouble) {
    this.retention = options.retention();
    this.sessions = sessions;
    this.kinds = kinds;
    this.counters = counters;
    this.task = new SharedTask("retention", sessions, number);
    this.listener = listener;
    this.trouble = trouble;
  }

  /** Sweeps at intervals; the first time after a while, when a starting program's routes run. */
  public void start() {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::sweepOrSayWhyNot,
            INTERVAL.toMillis(),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Deletes what is too much now, and what is too old unless the database's clock is in doubt;
   * returns when done.
   */
  public void sweep() throws SQLException {
    Looked looked = sessions.run(SharedSweeper::look);
    switch (judge(looked)) {
      case RIGHT -> sweep(looked.now());
      case DOUBTED -> removeBodies(looked.now(), Long.MIN_VALUE);
      case DOUBTED_NOW ->
          LOG.warn(
              "The database's clock says {}, long after the newest delivery. In case it is wrong, retention deletes nothing for its age until deliveries have come in for an hour at that time, or a day has passed.",
              Instant.ofEpochMilli(looked.now()));
    }
  }

  /**
   * Deletes what is too old or too much; returns when done.
   *
   * @param now in milliseconds since 1970
   */
  public synchronized void sweep(long now) {
    removeBodies(now, now - retention.age().toMillis());
    removeGuids(now - retention.guidAge().toMillis());
  }

  private void sweepOrSayWhyNot() {
    try {
      if (trouble.get().isEmpty() && task.isMine()) {
        sweep();
      }
    } catch (SQLException | LogUnavailableException e) {
      LOG.warn("Retention stopped and will continue later: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // or the schedule would end
      LOG.error("Retention stopped. It will continue later.", e);
    }
  }

  /**
   * What there is to judge by.
   *
   * @param now by the database's clock, in milliseconds since 1970
   * @param end the log's end
   * @param newest when the newest delivery was received; now where there is none
   */
  private record Looked(long now, long end, long newest) {}

  private static Looked look(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(TIME_AND_NEWEST)) {
      row.next();
      long newest = row.getLong(3);
      boolean isEmpty = row.wasNull(); // asked at once: it is about what was read last
      long now = row.getLong(1);
      return new Looked(now, row.getLong(2), isEmpty ? now : newest);
    }
  }

  private ClockTrust.Verdict judge(Looked looked) {
    ClockTrust judge = trust;
    if (judge == null) {
      judge = new ClockTrust(looked.newest(), System::nanoTime);
      trust = judge;
    }
    return judge.look(looked.now(), looked.end());
  }

  private void removeBodies(long now, long before) {
    int removed = 0;
    long newest = 0;
    Map<String, Integer> expired = new HashMap<>();
    boolean more = true;
    while (more && !stopped) {
      SharedBodyRemoval.Done done =
          SharedTransactions.run(
              sessions,
              connection ->
                  new SharedBodyRemoval(connection, new SharedExpiry(connection, kinds))
                      .run(before, retention.size()));
      done.changes().tell(listener);
      removed += done.removed();
      newest = Math.max(newest, done.newest());
      done.expired().forEach((name, count) -> expired.merge(name, count, Integer::sum));
      more = done.removed() > 0;
    }
    RetentionLines.deleted(removed, newest, before, now);
    expired.forEach(this::expired);
  }

  private void expired(String subscription, int count) {
    counters.of(subscription).expired(count);
    RetentionLines.expired(count, subscription);
  }

  private void removeGuids(long before) {
    int removed = 0;
    int last = GUIDS_AT_ONCE;
    while (last == GUIDS_AT_ONCE && !stopped) {
      last =
          SharedTransactions.run(
              sessions, connection -> new SharedGuidRemoval(connection).run(before, GUIDS_AT_ONCE));
      removed += last;
    }
    RetentionLines.forgotten(removed);
  }

  /** Ends a sweep under way after its current step. */
  @Override
  public void close() {
    stopped = true;
    thread.shutdownNow();
  }
}

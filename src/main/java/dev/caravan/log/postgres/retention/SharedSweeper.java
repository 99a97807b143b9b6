package dev.caravan.log.postgres.retention;

import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Retention;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.postgres.shards.SharedTask;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.ClockTrust;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.RetentionLines;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * GUIDs, in steps so short that outcomes hardly wait.
 */
public final class SharedSweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final int GUIDS_AT_ONCE = 200;

  private static final String NEWEST =
      "SELECT received_at, (SELECT next FROM head) FROM delivery ORDER BY position DESC LIMIT 1";

  private final Retention retention;
  private final InstantSource clock;
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
    this.clock = options.clock();
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

  /** Deletes what is too old or too much now; returns when done. */
  public synchronized void sweep() {
    long now = clock.millis();
    removeBodies(now - retention.age().toMillis());
    removeGuids(now - retention.guidAge().toMillis());
  }

  private void sweepOrSayWhyNot() {
    try {
      if (!trouble.get().isEmpty() || !task.isMine()) {
        return;
      }
      long now = clock.millis();
      switch (look(now)) {
        case RIGHT -> sweep();
        case DOUBTED -> removeBodies(Long.MIN_VALUE);
        case DOUBTED_NOW ->
            LOG.warn(
                "The clock says {}, long after the newest delivery. In case it is wrong, retention deletes nothing for its age until deliveries have come in for an hour at that time, or a day has passed.",
                Instant.ofEpochMilli(now));
      }
    } catch (SQLException | LogUnavailableException e) {
      LOG.warn("Retention stopped and will continue later: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // or the schedule would end
      LOG.error("Retention stopped. It will continue later.", e);
    }
  }

  private ClockTrust.Verdict look(long now) throws SQLException {
    long[] newest =
        sessions.run(
            connection -> {
              try (Statement select = connection.createStatement();
                  ResultSet row = select.executeQuery(NEWEST)) {
                return row.next()
                    ? new long[] {row.getLong(1), row.getLong(2)}
                    : new long[] {now, 0};
              }
            });
    ClockTrust looked = trust;
    if (looked == null) {
      looked = new ClockTrust(newest[0], System::nanoTime);
      trust = looked;
    }
    return looked.look(now, newest[1]);
  }

  private void removeBodies(long before) {
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
    RetentionLines.deleted(removed, newest, before);
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

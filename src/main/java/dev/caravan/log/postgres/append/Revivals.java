package dev.caravan.log.postgres.append;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Failures;
import dev.caravan.log.postgres.shards.NodeMemory;
import dev.caravan.log.state.LogCounters;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has repeats counted and run, on its own thread: they lock cursors, and a cursor that somebody
 * else has locked must not hold up other deliveries. Failures are tried again until nobody waits
 * any longer.
 */
final class Revivals {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long AFTER_FAILURE_MILLIS = 100;
  private static final long WHILE_LOCKED_MILLIS = 500;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-repeats"));
  private final NodeMemory memory;
  private final RevivalCall call;
  private final AppendQueue waiting;
  private final LogCounters counters;

  /** When to look again at a shard whose cursors were locked, in nanoTime. Used by the thread. */
  private final Map<Integer, Long> locked = new HashMap<>();

  private volatile Consumer<Append> appender = any -> {};

  /**
   * @param waiting fails those that wait for too long
   */
  Revivals(NodeMemory memory, RevivalCall call, AppendQueue waiting, LogCounters counters) {
    this.memory = memory;
    this.call = call;
    this.waiting = waiting;
    this.counters = counters;
  }

  /** Connects it to what appends, and needs it first. */
  void connect(Consumer<Append> appends) {
    appender = appends;
  }

  /** To be called while what this node remembers is used to find the first. */
  void add(Revival revival) {
    waiting.addRepeats(revival.repeats());
    runLater(revival, 0);
  }

  private void runLater(Revival revival, long millis) {
    try {
      Future<?> unused = thread.schedule(() -> run(revival), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      fail(revival, new LogUnavailableException("The delivery log is closed", e));
    }
  }

  private void run(Revival revival) {
    if (revival.isOver()) {
      waiting.removeRepeats(revival.repeats());
    } else if (isLocked(revival.first().shard())) {
      tryAgain(revival, WHILE_LOCKED_MILLIS);
    } else {
      try {
        memory.use(() -> revive(revival));
      } catch (SQLException e) {
        failed(revival, e);
      } catch (RuntimeException | Error e) { // memory may run out
        fail(revival, new LogUnavailableException("The delivery log failed", e));
        LOG.error("A repeat could not be counted. It was answered 503.", e);
      }
    }
  }

  private void revive(Revival revival) throws SQLException {
    if (revival.first().isOfAnotherHistory()) {
      appendAnew(revival);
    } else {
      call.run(revival);
      counters.repeats.add(revival.times());
      end(revival, each -> each.isAt(revival.position(), counters));
    }
  }

  /** Where the first is no longer what it was, each is appended as if it had come just now. */
  private void appendAnew(Revival revival) {
    waiting.removeRepeats(revival.repeats());
    revival.repeats().stream().filter(each -> !each.isOver()).forEach(appender);
  }

  private boolean isLocked(int shard) {
    Long until = locked.get(shard);
    return until != null && System.nanoTime() - until < 0;
  }

  private void failed(Revival revival, SQLException cause) {
    if (Failures.isLocked(cause)) {
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WHILE_LOCKED_MILLIS);
      locked.put(revival.first().shard(), until);
      tryAgain(revival, WHILE_LOCKED_MILLIS);
      return;
    }
    if (Failures.isForgotten(cause)) {
      appendAnew(revival);
      return;
    }
    counters.failedFlushes.increment();
    if (Failures.isPassing(cause)) {
      tryAgain(revival, AFTER_FAILURE_MILLIS);
    } else {
      end(revival, each -> each.isRefused(cause));
    }
  }

  /** Later. One from the spool fails: it comes again from there, and must not hold up others. */
  private void tryAgain(Revival revival, long millis) {
    if (revival.first().isFromSpool()) {
      fail(revival, new LogUnavailableException("The repeat could not be counted yet"));
    } else {
      runLater(revival, millis);
    }
  }

  private void fail(Revival revival, LogUnavailableException cause) {
    end(revival, each -> each.failed(cause));
  }

  private void end(Revival revival, Consumer<Append> answer) {
    revival.repeats().forEach(answer);
    waiting.removeRepeats(revival.repeats());
  }

  /** Waits for those that wait to be tried, and ends. */
  void close() throws InterruptedException {
    shutdown();
    boolean unused = thread.awaitTermination(2 * AppendQueue.LONGEST_NANOS, TimeUnit.NANOSECONDS);
  }

  /** Ends soon, without waiting. */
  void shutdown() {
    thread.shutdown();
  }
}

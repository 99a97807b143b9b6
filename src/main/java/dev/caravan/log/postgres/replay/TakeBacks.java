package dev.caravan.log.postgres.replay;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.logging.OccasionalWarning;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what cancelled replays have made due: those cancelled on this node, and those of which
 * a node that ended has left some.
 */
final class TakeBacks {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  private final OccasionalWarning failures =
      new OccasionalWarning(
          LOG,
          Duration.ofMinutes(10),
          "A cancelled replay cannot be taken back now: {}. Trying again every ten seconds.");
  private final Sessions sessions;
  private final DueChanges.Listener listener;
  private final LongConsumer onStep;
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-take-back"));
  private volatile long nextLook = System.nanoTime();
  private volatile boolean stopped;

  /**
   * @param onStep is given the number of a replay of which some was taken back
   */
  TakeBacks(Sessions sessions, DueChanges.Listener listener, LongConsumer onStep) {
    this.sessions = sessions;
    this.listener = listener;
    this.onStep = onStep;
  }

  /** Begins with that one, which is cancelled. */
  void begin(long replay) {
    if (underWay.add(replay)) {
      thread.execute(() -> run(replay));
    }
  }

  /** Begins with those that are left, unless one has failed a moment ago. */
  void look() {
    if (System.nanoTime() - nextLook < 0) {
      return;
    }
    SharedTransactions.run(sessions, connection -> new ReplayRows(connection).leftToTakeBack())
        .forEach(this::begin);
  }

  private void run(long replay) {
    try {
      while (!stopped && takeSome(replay)) {
        onStep.accept(replay);
      }
    } catch (LogUnavailableException e) {
      nextLook = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
      failures.warn(String.valueOf(e.getMessage()));
    } finally {
      underWay.remove(replay);
    }
  }

  private boolean takeSome(long replay) {
    DueChanges[] changes = new DueChanges[1];
    boolean isMoreLeft =
        SharedTransactions.run(
            sessions,
            connection -> {
              ReplayTakeBack some = new ReplayTakeBack(connection, replay);
              boolean found = some.run();
              changes[0] = some.changes();
              return found;
            });
    changes[0].tell(listener);
    return isMoreLeft;
  }

  /** Ends after the current step; other nodes continue. */
  void close() {
    stopped = true;
    thread.shutdown();
  }
}

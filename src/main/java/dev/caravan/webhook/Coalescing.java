package dev.caravan.webhook;

import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets only the newest delivery of each burst in a lane through.
 *
 * <p>The first of a burst opens a window. When it ends, every delivery with a newer one behind it
 * is superseded, and the newest runs: one in each window, however long a burst lasts.
 */
final class Coalescing {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.webhook");

  private final Duration window;
  private final OrderBy orderBy;
  private final ScheduledExecutorService timer;
  private final Executor executor;

  /** When the window of a lane ends, as {@link System#nanoTime}. */
  private final Map<String, Long> ends = new ConcurrentHashMap<>();

  private final Set<Attempt> waiting = ConcurrentHashMap.newKeySet();

  Coalescing(Duration window, OrderBy orderBy, ScheduledExecutorService timer, Executor executor) {
    this.window = window;
    this.orderBy = orderBy;
    this.timer = timer;
    this.executor = executor;
  }

  /** Lets an attempt run now or at the end of its window, or not at all. */
  void take(Attempt attempt, Consumer<Attempt> run) {
    String lane = orderBy.lane(attempt.delivery().subject());
    if (lane == null) {
      run.accept(attempt);
    } else if (attempt.isSuperseded()) {
      supersede(attempt);
    } else {
      long left = left(attempt, lane);
      if (left <= 0) {
        ends.remove(lane);
        run.accept(attempt);
      } else {
        waiting.add(attempt);
        Future<?> unused = timer.schedule(() -> again(attempt, run), left, TimeUnit.NANOSECONDS);
      }
    }
  }

  /**
   * How many nanoseconds of the window are left. The time that a delivery has been in the log
   * counts.
   */
  private long left(Attempt attempt, String lane) {
    if (attempt.number() > 1 || attempt.isAlone()) {
      return 0;
    }
    long now = System.nanoTime();
    Duration age = Duration.between(attempt.delivery().receivedAt(), Instant.now());
    Duration toWait = age.isNegative() ? window : window.minus(age);
    long end =
        ends.compute(
            lane,
            (key, before) ->
                before == null || now - before > window.toNanos() // that window ended without a run
                    ? now + toWait.toNanos()
                    : before);
    return end - now;
  }

  private void again(Attempt attempt, Consumer<Attempt> run) {
    if (waiting.remove(attempt)) {
      try {
        executor.execute(() -> take(attempt, run));
      } catch (RejectedExecutionException e) {
        attempt.cutOff();
      }
    }
  }

  private static void supersede(Attempt attempt) {
    LOG.info(
        "Delivery {} is superseded: a newer one of its order is run instead.",
        attempt.delivery().guid());
    attempt.superseded();
  }

  /** The route is being removed: what waits starts over in the route that replaces it. */
  void stop() {
    for (Attempt attempt : List.copyOf(waiting)) {
      if (waiting.remove(attempt)) {
        attempt.cutOff();
      }
    }
  }
}

package dev.caravan.server.camel;

import dev.caravan.config.Settings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ShutdownStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that routes have to finish when the program stops; after that they are cut off.
 *
 * <p>Camel has one timeout for its routes, but then waits for thread pools and components without a
 * timeout, and a read from a silent socket cannot be interrupted. So Camel gets most of the time,
 * and nobody waits for it after the end: the log is safe at any moment.
 */
public final class StopDeadline {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");
  private static final String KEY = "caravan.stop-timeout";
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The most that is reserved for cutting off. */
  private static final Duration CUTTING_OFF = Duration.ofSeconds(2);

  /** All that most requests need. One whose body is slow has more, and does not hold up routes. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private final Duration whole;

  private StopDeadline(Duration whole) {
    this.whole = whole;
  }

  /**
   * Reads the setting.
   *
   * @throws dev.caravan.config.InvalidSettingException when it does not fit
   */
  public static StopDeadline from(Settings settings) {
    Duration whole = settings.duration(KEY);
    if (whole.compareTo(SHORTEST) < 0 || whole.compareTo(LONGEST) > 0) {
      throw settings.outOfRange(KEY, "from 1s to 1h");
    }
    return new StopDeadline(whole);
  }

  /** Tells Camel how long to wait for exchanges, and to cut off what is left. */
  void applyTo(CamelContext context) {
    Duration reserve = reserve();
    ShutdownStrategy strategy = context.getShutdownStrategy();
    strategy.setTimeUnit(TimeUnit.MILLISECONDS);
    strategy.setTimeout(whole.minus(reserve).toMillis());
    strategy.setShutdownNowOnTimeout(true);
    context.getExecutorServiceManager().setShutdownAwaitTermination(reserve.toMillis());
  }

  private Duration reserve() {
    return quarter(CUTTING_OFF);
  }

  /** Of a short time only a quarter, so that most of it is left for routes. */
  private Duration quarter(Duration most) {
    Duration quarter = whole.dividedBy(4);
    return quarter.compareTo(most) < 0 ? quarter : most;
  }

  /**
   * Stops the receiving context, then the users' at the same time; returns when all have stopped or
   * the time is up.
   *
   * @param receiving null when it was never made
   */
  void stop(@Nullable CamelContext receiving, Collection<CamelContext> others) {
    long begin = System.nanoTime();
    long end = begin + whole.toNanos();
    List<Thread> port = receiving == null ? List.of() : List.of(stopping(receiving));
    await(port, begin + quarter(LAST_ANSWERS).toNanos());
    // Routes that others call stop last: work in progress may need them to finish.
    Map<Boolean, List<CamelContext>> called =
        others.stream().collect(Collectors.partitioningBy(StopDeadline::isCalled));
    for (List<CamelContext> group : List.of(called.get(false), called.get(true))) {
      group.forEach(context -> shorten(context, end));
      await(group.stream().map(StopDeadline::stopping).toList(), end);
    }
    await(port, end);
    if (others.stream()
        .anyMatch(
            context -> !context.isStopped() || context.getShutdownStrategy().isTimeoutOccurred())) {
      LOG.warn(
          "Routes did not finish within {} ({}) and were cut off. What they were working on will run again at the next start.",
          KEY,
          whole.toSeconds() + "s");
    }
  }

  /** Reduces a context's time to what the others have left of it. */
  private void shorten(CamelContext context, long end) {
    ShutdownStrategy strategy = context.getShutdownStrategy();
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) - reserve().toMillis();
    strategy.setTimeout(Math.max(1, Math.min(strategy.getTimeout(), left)));
  }

  private static boolean isCalled(CamelContext context) {
    return context.getRoutes().stream()
        .map(route -> route.getEndpoint().getEndpointBaseUri())
        .anyMatch(uri -> uri.startsWith("direct:") || uri.startsWith("seda:"));
  }

  private static Thread stopping(CamelContext context) {
    Thread stop = new Thread(context::stop, "camel-stop");
    stop.setDaemon(true);
    stop.start();
    return stop;
  }

  private static void await(List<Thread> threads, long end) {
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

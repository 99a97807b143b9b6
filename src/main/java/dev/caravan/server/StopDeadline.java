package dev.caravan.server;

import dev.caravan.config.Settings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.spi.ShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that routes have to finish when the program stops; after it they are cut off.
 *
 * <p>Camel has one timeout for its routes, but then waits for thread pools and components without
 * one, and a read from a silent socket cannot be interrupted. So Camel gets most of the time, and
 * nobody waits for it beyond the end: the log is safe at any moment.
 */
final class StopDeadline {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");
  private static final String KEY = "caravan.stop-timeout";
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** For cutting off, of the whole: a quarter, and two seconds at the most. */
  private static final int SHARE = 4;

  private static final Duration MOST = Duration.ofSeconds(2);

  private final Duration whole;

  private StopDeadline(Duration whole) {
    this.whole = whole;
  }

  /**
   * Reads the setting.
   *
   * @throws dev.caravan.config.InvalidSettingException when it does not fit
   */
  static StopDeadline from(Settings settings) {
    Duration whole = settings.duration(KEY);
    if (whole.compareTo(SHORTEST) < 0 || whole.compareTo(LONGEST) > 0) {
      throw settings.refuse(KEY, "1s to 1h");
    }
    return new StopDeadline(whole);
  }

  /** Tells Camel how long it may wait for exchanges, and that it is to cut off what is left. */
  void applyTo(CamelContext context) {
    Duration cuttingOff = whole.dividedBy(SHARE);
    Duration reserve = cuttingOff.compareTo(MOST) < 0 ? cuttingOff : MOST;
    ShutdownStrategy strategy = context.getShutdownStrategy();
    strategy.setTimeUnit(TimeUnit.MILLISECONDS);
    strategy.setTimeout(whole.minus(reserve).toMillis());
    strategy.setShutdownNowOnTimeout(true);
    context.getExecutorServiceManager().setShutdownAwaitTermination(reserve.toMillis());
  }

  /** Stops Camel, and returns when it has stopped or the time is up. */
  void stop(Main main) {
    Thread stop = new Thread(main::stop, "camel-stop");
    stop.setDaemon(true);
    stop.start();
    try {
      stop.join(whole.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stop.isAlive() || main.getCamelContext().getShutdownStrategy().isTimeoutOccurred()) {
      LOG.warn(
          "Routes had not finished within {} ({}) and are cut off. What was in work will run again at the next start.",
          KEY,
          whole);
    }
  }
}

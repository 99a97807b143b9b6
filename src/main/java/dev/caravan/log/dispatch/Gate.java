package dev.caravan.log.dispatch;

import dev.caravan.log.Pace;
import dev.caravan.log.dispatch.RunningAttempt.Ending;
import dev.caravan.logging.LinesAbout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a subscription to its {@link Pace}: says whether another attempt may begin now. What it
 * holds back has not left its lane, so order is as without it. Safe for use by many threads: the
 * parts of a subscription share one.
 */
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long NANOS = 1_000_000;

  private final String subscription;
  private final @Nullable RecentStarts starts;
  private final @Nullable CircuitBreaker breaker;
  private final long pauseSeconds;

  Gate(String subscription, Pace pace) {
    this.subscription = subscription;
    this.starts = pace.most() == null ? null : new RecentStarts(pace.most());
    this.breaker =
        pace.failures() == 0 ? null : new CircuitBreaker(pace.failures(), pace.pause().toNanos());
    this.pauseSeconds = pace.pause().toSeconds();
  }

  /**
   * In how many milliseconds another attempt may begin: 0 for now, {@link Long#MAX_VALUE} when only
   * the end of one that runs can tell.
   */
  synchronized long waitMillis(long now) {
    if (starts == null && breaker == null) {
      return 0;
    }
    long wait =
        Math.max(
            starts == null ? 0 : starts.nanosUntilNext(now),
            breaker == null ? 0 : breaker.nanosUntilNext(now));
    return wait == Long.MAX_VALUE ? wait : (wait + NANOS - 1) / NANOS;
  }

  /** Whether so many have failed that nothing runs but what tries. */
  synchronized boolean isOpen() {
    return breaker != null && breaker.isOpen();
  }

  synchronized void begun(long now) {
    if (starts != null) {
      starts.begun(now);
    }
    if (breaker != null) {
      breaker.begun();
    }
  }

  /** An attempt that had begun was not made. */
  synchronized void untried() {
    if (starts != null) {
      starts.takeBack();
    }
    if (breaker != null) {
      breaker.toldNothing();
    }
  }

  synchronized void ended(Ending ending, @Nullable Throwable cause, long now) {
    switch (ending) {
      case NOT_WANTED, SUPERSEDED -> untried();
      case SUCCESS -> succeeded();
      case FAILURE -> failed(cause, now);
      case FAILURE_FOR_GOOD, CUT_OFF -> toldNothing();
    }
  }

  private void toldNothing() {
    if (breaker != null) {
      breaker.toldNothing();
    }
  }

  private void succeeded() {
    if (breaker == null) {
      return;
    }
    if (breaker.isOpen()) {
      LinesAbout.NOTHING.during(
          () -> LOG.warn("\"{}\" succeeds again: its circuit is closed.", subscription));
    }
    breaker.succeeded();
  }

  private void failed(@Nullable Throwable cause, long now) {
    if (breaker == null) {
      return;
    }
    if (cause instanceof ExpiredException) {
      breaker.toldNothing();
      return;
    }
    boolean wasOpen = breaker.isOpen();
    breaker.failed(now);
    if (breaker.isOpen() && !wasOpen) {
      LinesAbout.NOTHING.during(
          () ->
              LOG.warn(
                  "\"{}\" fails each time: its circuit is open. From now on one attempt is made every {} s until one succeeds; the others wait.",
                  subscription,
                  pauseSeconds));
    }
  }
}

package dev.caravan.log.dispatch;

import dev.caravan.log.Pace;
import dev.caravan.log.Rate;
import dev.caravan.log.dispatch.RunningAttempt.Ending;
import dev.caravan.logging.LinesAbout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a subscription, or all that share a destination, to their {@link Pace}: says whether
 * another attempt may begin now. What it holds back has not left its lane, so order is as without
 * it. Safe for use by many threads.
 */
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long NANOS = 1_000_000;

  private final String name;
  private Pace pace;
  private @Nullable RecentStarts starts;
  private @Nullable CircuitBreaker breaker;

  /**
   * @param name of the subscription or of the destination, for the log
   */
  Gate(String name, Pace pace) {
    this.name = name;
    this.pace = pace;
    begin(pace);
  }

  private void begin(Pace wanted) {
    Rate most = wanted.most();
    starts = most == null ? null : new RecentStarts(most);
    breaker =
        wanted.failures() == 0
            ? null
            : new CircuitBreaker(wanted.failures(), wanted.pause().toNanos());
  }

  /** Another subscription shares it: what the newest says counts for all. */
  synchronized void sharedBy(String subscription, Pace wanted) {
    if (!wanted.equals(pace)) {
      LOG.warn(
          "\"{}\" says another maximumRate or circuitBreaker for the destination {} than those before it. It counts for all of them.",
          subscription,
          name);
      pace = wanted;
      begin(wanted);
    }
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

  /** Begins an attempt, unless another that shares this has just taken its turn. */
  synchronized boolean begin(long now) {
    if (waitMillis(now) > 0) {
      return false;
    }
    if (starts != null) {
      starts.begun(now);
    }
    if (breaker != null) {
      breaker.begun();
    }
    return true;
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
          () -> LOG.warn("\"{}\" succeeds again: its circuit is closed.", name));
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
                  name,
                  pace.pause().toSeconds()));
    }
  }
}

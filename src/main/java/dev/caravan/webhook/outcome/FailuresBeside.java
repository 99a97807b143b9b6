package dev.caravan.webhook.outcome;

import dev.caravan.logging.ErrorSentence;
import dev.caravan.logging.LinesAbout;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fails beside the exchange of an attempt, while the attempt itself may well succeed: a {@code
 * wireTap}, a second reader of a {@code seda} queue, a branch whose failure is left out when the
 * branches are put together, the steps of {@code onCompletion}.
 *
 * <p>Each gets a line in the log, unless it is the reason why the attempt failed, which has one
 * already. They are therefore held back until the attempt has ended.
 */
final class FailuresBeside {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.webhook");

  /** An attempt that waits for long must not hold back more. */
  private static final int MOST_KEPT = 100;

  private final LinesAbout lines;
  private final List<Failure> keptBack = new ArrayList<>();
  private boolean ended;
  private boolean isCutOff;
  private @Nullable Throwable failure;

  private record Failure(@Nullable String route, Throwable cause) {}

  /**
   * @param lines the attempt's
   */
  FailuresBeside(LinesAbout lines) {
    this.lines = lines;
  }

  /** An exchange that came from the attempt's has failed; by any thread. */
  synchronized void add(@Nullable String route, Throwable cause) {
    if (isCutOff) {
      return;
    }
    if (!ended && keptBack.size() < MOST_KEPT) {
      // An exchange around a failed branch may fail for the same reason.
      keptBack.removeIf(each -> isWithin(each.cause(), cause));
      keptBack.add(new Failure(route, cause));
    } else if (!ended || !isWithin(cause, failure)) {
      say(lines, route, cause);
    }
  }

  /**
   * The attempt has ended.
   *
   * @param why it failed; null when it succeeded
   */
  synchronized void attemptEnded(@Nullable Throwable why) {
    ended = true;
    failure = why;
    keptBack.stream()
        .filter(each -> !isWithin(each.cause(), why))
        .forEach(each -> say(lines, each.route(), each.cause()));
    keptBack.clear();
  }

  /** The attempt will run again as if it had not been made: nothing is logged about it. */
  synchronized void attemptCutOff() {
    isCutOff = true;
    keptBack.clear();
  }

  private static void say(LinesAbout lines, @Nullable String route, Throwable cause) {
    lines.during(
        () ->
            LOG.error(
                "Route \"{}\" failed beside the attempt, and is not tried again: {}.",
                route,
                ErrorSentence.of(cause)));
  }

  /** The route in which an exchange failed. */
  static @Nullable String route(Exchange exchange) {
    String failedIn = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, String.class);
    return failedIn == null ? exchange.getFromRouteId() : failedIn;
  }

  private static boolean isWithin(Throwable sought, @Nullable Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each == sought) {
        return true;
      }
    }
    return false;
  }
}

package dev.caravan.github.api;

import java.time.Duration;
import java.time.Instant;

/**
 * GitHub's rate limits, as its answers report them: requests an hour (the primary limit), and
 * requests in too quick a succession (the secondary ones). For one thread at a time.
 */
final class Budget {
  private static final Duration SECONDARY = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(65);
  private static final Duration SKEW = Duration.ofSeconds(1);

  private Instant notBefore = Instant.EPOCH;

  /** How long the next request must wait. */
  Duration wait(Instant now) {
    return now.isBefore(notBefore) ? Duration.between(now, notBefore) : Duration.ZERO;
  }

  /** Records what an answer reports about the primary limit. */
  void read(Answer answer, Instant now) {
    if (answer.header("X-RateLimit-Remaining").equals("0")) {
      waitFor(untilReset(answer, now), now);
    }
  }

  /**
   * Whether the answer only means that a limit was reached; the next request then waits.
   *
   * @param times how often that has happened to this request, this time included
   */
  boolean isSpent(Answer answer, Instant now, int times) {
    if (answer.status() != 403 && answer.status() != 429) {
      return false;
    }
    long seconds = number(answer.header("Retry-After"));
    if (seconds >= 0) {
      waitFor(Duration.ofSeconds(seconds), now);
      return true;
    }
    if (answer.header("X-RateLimit-Remaining").equals("0")) {
      return true; // read() has noted until when
    }
    if (answer.status() == 429
        || answer.body().path("message").asText("").contains("secondary rate limit")) {
      // GitHub's advice: a minute at least, and longer each time it happens again.
      waitFor(SECONDARY.multipliedBy(1L << Math.min(times - 1, 5)), now);
      return true;
    }
    return false;
  }

  private void waitFor(Duration time, Instant now) {
    Instant until = now.plus(time.compareTo(LONGEST) > 0 ? LONGEST : time);
    notBefore = until.isAfter(notBefore) ? until : notBefore;
  }

  /** By GitHub's clock if the answer has the time: ours may be wrong. */
  private static Duration untilReset(Answer answer, Instant now) {
    long reset = number(answer.header("X-RateLimit-Reset"));
    if (reset < 0) {
      return SECONDARY;
    }
    Instant theirs = answer.date();
    Duration time =
        Duration.between(theirs == null ? now : theirs, Instant.ofEpochSecond(reset)).plus(SKEW);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static long number(String text) {
    try {
      return text.isEmpty() ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

package dev.caravan.log.subscription;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * How often, and how far apart, a delivery is tried before it becomes a dead letter.
 *
 * <p>The pause doubles from {@code delay} up to {@code maxDelay}, each time shortened or lengthened
 * by up to a fifth: deliveries that failed together should not return together.
 *
 * @param maxAttempts tries in all, the first included
 */
public record RetryPolicy(int maxAttempts, Duration delay, Duration maxDelay) {
  /** Twenty tries over about ten hours: a destination may be down for a working day. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(20, Duration.ofSeconds(5), Duration.ofHours(1));

  private static final int MOST_DOUBLINGS = 30;

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts is " + maxAttempts + "; it must be at least 1");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "retryDelay is " + asTyped(delay) + "; it must be at least 0s");
    }
    if (maxDelay.compareTo(delay) < 0) {
      throw new IllegalArgumentException(
          "retryMaxDelay is "
              + asTyped(maxDelay)
              + "; it must not be shorter than retryDelay, which is "
              + asTyped(delay));
    }
  }

  /** As a user writes it: 1h30m. */
  private static String asTyped(Duration duration) {
    return duration.toString().replace("PT", "").toLowerCase(Locale.ROOT);
  }

  /** Whether a delivery that has failed this many times is tried again. */
  public boolean allowsAnotherAfter(int attempts) {
    return attempts < maxAttempts;
  }

  /** The longest pause that {@link #pauseAfter} gives. */
  public Duration longestPause() {
    return maxDelay.plus(maxDelay.dividedBy(5)).plusMillis(1);
  }

  /** The pause after that many failed attempts. */
  public Duration pauseAfter(int attempts, RandomGenerator random) {
    long doubled = delay.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
    long capped = doubled < 0 ? maxDelay.toMillis() : Math.min(doubled, maxDelay.toMillis());
    return Duration.ofMillis(Math.round(capped * random.nextDouble(0.8, 1.2)));
  }
}

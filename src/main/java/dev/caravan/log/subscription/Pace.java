package dev.caravan.log.subscription;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription spares its destination. What is held back waits in its place in its lane; an
 * attempt that is not made is not a failure.
 *
 * @param most how many attempts may begin in a given time; null for any number
 * @param failures after so many failures in a row nothing runs for the pause, and then one attempt
 *     at a time until one succeeds; 0 for never
 * @param pause how long nothing runs then
 * @param destination subscriptions that name the same one share this pace; null to share it with
 *     none
 */
public record Pace(
    @Nullable Rate most, int failures, Duration pause, @Nullable String destination) {
  /** As fast as it goes. */
  public static final Pace FREE = new Pace(null, 0, Duration.ZERO);

  /** The pace of one subscription alone. */
  public Pace(@Nullable Rate most, int failures, Duration pause) {
    this(most, failures, pause, null);
  }
}

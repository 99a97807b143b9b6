package dev.caravan.log;

import dev.caravan.log.history.DeliveryQuery;
import org.jspecify.annotations.Nullable;

/**
 * What to replay, to whom, and how fast.
 *
 * @param query the deliveries; if it asks for an outcome without a subscription, the outcome is
 *     that of the subscription the replay goes to
 * @param subscription the one that gets them, running or idle; null for every running one that
 *     wants them
 * @param perSecond how many deliveries become due in a second, over 0 and up to {@link
 *     #MOST_PER_SECOND}; a subscription may be slower
 * @param dryRun whether to count only
 */
public record ReplayRequest(
    DeliveryQuery query, @Nullable String subscription, double perSecond, boolean dryRun) {
  /** Few enough for most destinations to handle beside their usual load. */
  public static final int PER_SECOND = 100;

  public static final int MOST_PER_SECOND = 100_000;

  public ReplayRequest {
    if (!(perSecond > 0) || perSecond > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          "A replay's rate is %s in a second. Write more than 0 and at most %d."
              .formatted(perSecond, MOST_PER_SECOND));
    }
  }
}

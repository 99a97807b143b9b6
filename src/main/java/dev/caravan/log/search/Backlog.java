package dev.caravan.log.search;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription has yet to run for the first time.
 *
 * @param deliveries how many
 * @param oldestReceivedAt null when there are none
 */
public record Backlog(long deliveries, @Nullable Instant oldestReceivedAt) {
  /** Nothing. */
  public static final Backlog NONE = new Backlog(0, null);
}

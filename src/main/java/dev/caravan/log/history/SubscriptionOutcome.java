package dev.caravan.log.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a delivery in one subscription.
 *
 * @param attempts how often it was tried since it was last replayed
 * @param at when it completed, last failed or was given up; while it waits, when it is due again,
 *     or null when it waits for its turn
 * @param error the last error's sentence; null without one
 */
public record SubscriptionOutcome(
    String subscription, State state, int attempts, @Nullable Instant at, @Nullable String error) {

  /** What became of the delivery. */
  public enum State {
    /** Has yet to run, or to run again. */
    WAITING,
    COMPLETED,
    /** Its last attempt failed; it neither waits to run again nor is a dead letter. */
    FAILED,
    DEAD_LETTER
  }
}

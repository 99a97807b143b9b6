package dev.caravan.log.dispatch;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.EventFilter;

/**
 * A delivery without its content: what a subscription needs to decide whether, and in which lane,
 * to run it.
 *
 * @param length bytes of the body
 */
public record Envelope(long position, String event, Delivery.Subject subject, int length) {
  /** Whether a subscription with that filter gets it. */
  public boolean isWantedBy(EventFilter filter) {
    return filter.wants(event, subject.action(), subject.repository());
  }
}

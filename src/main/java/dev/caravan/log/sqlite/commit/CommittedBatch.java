package dev.caravan.log.sqlite.commit;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import java.util.List;
import java.util.Set;

/**
 * What a transaction has appended: everything from {@code first} up to but not including {@code
 * next}.
 *
 * @param dueChanged the subscriptions whose due rows it has changed, other than by their outcomes
 */
public record CommittedBatch(
    List<Appended> appended,
    long first,
    long next,
    Repeated repeated,
    Set<RunningSubscription> dueChanged) {

  /** A delivery that was not in the log before. */
  public record Appended(long position, Delivery delivery) {
    Envelope envelope() {
      return new Envelope(position, delivery.event(), delivery.subject(), delivery.body().length);
    }
  }

  /** How many deliveries of a transaction had come before, by kind. */
  static final class Repeated {
    /** Under their GUID, with the same payload. */
    int same;

    /** Under their GUID, with another payload. */
    int different;

    /** Under another GUID, with the same payload. */
    int copies;
  }
}

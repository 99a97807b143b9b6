package dev.caravan.log;

import java.util.List;
import java.util.Optional;

/** Looks up what the log has taken and what became of it. Safe for use by many threads. */
public interface DeliveryHistory {
  /** The delivery of that GUID, or empty when it never came or its body is no longer kept. */
  Optional<Delivery> find(String guid);

  /**
   * The newest deliveries, newest first.
   *
   * @param most how many at the most
   */
  List<DeliverySummary> list(int most);

  /** Every attempt at the delivery of that GUID that is still kept, oldest first. */
  List<AttemptRecord> attempts(String guid);

  /**
   * The dead letters of a subscription, oldest first.
   *
   * @param most how many at the most
   */
  List<DeadLetter> deadLetters(String subscription, int most);
}

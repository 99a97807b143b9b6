package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.KnownSubscription;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks up what the log has accepted and what happened to it. Safe for use by many threads; every
 * method reads files and may block, and fails with {@link LogUnavailableException} when it cannot.
 */
public interface DeliveryHistory {
  /**
   * Which of these GUIDs have arrived, including those whose body is no longer kept, for as long as
   * the log remembers them.
   */
  Set<String> known(Collection<String> guids);

  /** The delivery at that position, or empty when there is none or its body is not kept. */
  Optional<Delivery> at(String position);

  /**
   * The deliveries that match, newest first.
   *
   * <p>A call looks at a limited stretch of the log, which bounds its time and memory whatever is
   * asked for; it may return fewer than there are, and says where to continue. Looking for a text
   * decompresses the payload of each delivery that passes everything else, about 100 MB in a
   * second; one call does so with one payload at a time and 64 MiB in all. So does looking for a
   * commit or number among the newest deliveries, which are in no index yet.
   *
   * @param most how many at most, at least 1
   * @throws IllegalArgumentException for an invalid position
   */
  DeliveryPage list(DeliveryQuery query, int most);

  /**
   * How many deliveries match. Takes less than a second for a million; with a text, as long as
   * reading their payloads. An interrupt ends it with {@link LogUnavailableException}.
   */
  long count(DeliveryQuery query);

  /** Every subscription the log knows, running ones and idle ones, by name. */
  List<KnownSubscription> subscriptions();

  /** Every attempt at the delivery of that position that is still kept, oldest first. */
  List<AttemptRecord> attemptsAt(String position);

  /** All dead letters, grouped by subscription and kind of error, the most frequent first. */
  List<DeadLetterGroup> deadLetterGroups();
}

package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.DeliverySummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What a log has kept of a delivery and its outcomes, found as the program finds it. */
public final class Kept {
  private static final int PAGE = 1000;

  private Kept() {}

  /** The first delivery of that GUID, with its body; empty when that is not kept. */
  public static Optional<Delivery> delivery(DeliveryHistory history, String guid) {
    return first(history, guid).flatMap(summary -> history.at(summary.position()));
  }

  /** Every attempt at it, oldest first. */
  public static List<AttemptRecord> attempts(DeliveryHistory history, String guid) {
    return first(history, guid)
        .map(summary -> history.attemptsAt(summary.position()))
        .orElse(List.of());
  }

  /** The newest deliveries, newest first. */
  public static List<DeliverySummary> newest(DeliveryHistory history, int most) {
    return history.list(DeliveryQuery.ALL, most).deliveries();
  }

  /** All dead letters of a subscription, oldest first. */
  public static List<DeadLetter> deadLetters(DeliveryHistory history, String subscription) {
    List<DeadLetter> found = new ArrayList<>();
    DeliveryQuery query = DeliveryQuery.ALL.outcome(Outcome.DEAD_LETTER, subscription);
    DeliveryPage page = history.list(query, PAGE);
    add(page, subscription, found);
    while (page.next() != null) {
      page = history.list(query.before(page.next()), PAGE);
      add(page, subscription, found);
    }
    Collections.reverse(found);
    return found;
  }

  private static void add(DeliveryPage page, String subscription, List<DeadLetter> found) {
    for (DeliverySummary summary : page.deliveries()) {
      summary.outcomes().stream()
          .filter(outcome -> outcome.subscription().equals(subscription))
          .map(outcome -> new DeadLetter(summary.guid(), outcome.attempts(), outcome.error()))
          .forEach(found::add);
    }
  }

  private static Optional<DeliverySummary> first(DeliveryHistory history, String guid) {
    return history.list(DeliveryQuery.ALL.withGuid(guid), PAGE).deliveries().stream()
        .filter(summary -> !summary.differsFromFirst())
        .findFirst();
  }

  /** A delivery that a subscription has given up. */
  public record DeadLetter(String guid, int attempts, String error) {}
}

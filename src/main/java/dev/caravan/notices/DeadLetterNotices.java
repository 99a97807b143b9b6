package dev.caravan.notices;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.figures.GivenUp;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.notices.Notice.State;
import dev.caravan.wording.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports dead letters: each one, as long as a subscription has few; if there are more in a minute,
 * how many. For one thread.
 */
final class DeadLetterNotices {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.notices");
  private static final int MOST_SINGLY = 10;

  private final NoticeSources sources;
  private final Notices notices;
  private final Duration sumEvery;
  private final Map<String, Told> told = new HashMap<>();

  /** How many of one subscription's have been reported. */
  private static final class Told {
    private long number;
    private Instant since = Instant.EPOCH;
    private int singly;
    private long unsaid;
  }

  DeadLetterNotices(NoticeSources sources, Notices notices, Duration sumEvery) {
    this.sources = sources;
    this.notices = notices;
    this.sumEvery = sumEvery;
  }

  /** Nobody listens: what has happened so far will not be reported. */
  void skip() {
    sources.figures().newestGivenUp().forEach((name, newest) -> told(name).number = last(newest));
  }

  void look(Instant now) {
    sources.figures().newestGivenUp().forEach((name, newest) -> look(name, newest, now));
  }

  /** Whether that time has passed since then; also when the clock has been set back since. */
  static boolean isOver(Instant since, Duration time, Instant now) {
    return now.isBefore(since) || !now.isBefore(since.plus(time));
  }

  private void look(String subscription, List<GivenUp> newest, Instant now) {
    Told told = told(subscription);
    if (isOver(told.since, sumEvery, now)) {
      tellSum(subscription, told, now);
      told.since = now;
      told.singly = 0;
    }
    long last = last(newest);
    long fresh = last - told.number;
    long begin = told.number;
    told.number = last;
    for (GivenUp each : newest) {
      String position = each.position();
      if (each.number() > begin && position != null && told.singly < MOST_SINGLY) {
        told.singly++;
        fresh--;
        tell(subscription, position, each.error(), now);
      }
    }
    told.unsaid += Math.max(0, fresh);
  }

  private void tell(String subscription, String position, String error, Instant now) {
    Map<String, Object> details = new HashMap<>();
    details.put("subscription", subscription);
    details.put("error", error);
    details.put("count", 1L);
    String what = "a delivery";
    List<DeliverySummary> found = find(position);
    if (!found.isEmpty()) {
      DeliverySummary delivery = found.get(0);
      details.put("delivery", delivery.guid());
      details.put("event", delivery.event());
      if (delivery.repository() != null) {
        details.put("repository", delivery.repository());
      }
      what =
          "%s%s (%s)"
              .formatted(
                  delivery.event(),
                  delivery.repository() == null ? "" : " of " + delivery.repository(),
                  delivery.guid());
    }
    notices.tell(
        new Notice(
            NoticeKind.DEAD_LETTER,
            State.HAPPENED,
            now,
            "\"%s\" has given up on %s: %s.".formatted(subscription, what, error),
            details));
  }

  /** None when it cannot be read: what is said without it is better than nothing. */
  private List<DeliverySummary> find(String position) {
    try {
      return sources.history().list(DeliveryQuery.ALL.at(position), 1).deliveries();
    } catch (LogUnavailableException e) {
      LOG.debug("A dead letter cannot be read", e); // the log reports its own trouble
      return List.of();
    }
  }

  private void tellSum(String subscription, Told told, Instant now) {
    if (told.unsaid > 0) {
      notices.tell(
          new Notice(
              NoticeKind.DEAD_LETTER,
              State.HAPPENED,
              now,
              "\"%s\" has given up on %s."
                  .formatted(subscription, Count.of(told.unsaid, "more delivery")),
              Map.of("subscription", subscription, "count", told.unsaid)));
      told.unsaid = 0;
    }
  }

  private Told told(String subscription) {
    return told.computeIfAbsent(subscription, name -> new Told());
  }

  private static long last(List<GivenUp> newest) {
    return newest.isEmpty() ? 0 : newest.get(newest.size() - 1).number();
  }
}

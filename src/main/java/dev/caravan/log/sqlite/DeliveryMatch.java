package dev.caravan.log.sqlite;

import dev.caravan.log.DeadLetterFilter;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.SubscriptionOutcome;
import dev.caravan.log.SubscriptionOutcome.State;
import dev.caravan.log.Topic;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a query that no index answers: what became of a delivery, and the text in it. For one
 * thread.
 */
final class DeliveryMatch {
  private final DeliveryQuery query;
  private final @Nullable TextSearch text;
  private long bytesRead;

  DeliveryMatch(DeliveryQuery query) {
    this.query = query;
    this.text = query.text() == null ? null : new TextSearch(query.text());
  }

  /** Whether the query asks for what became of deliveries. */
  boolean asksForOutcome() {
    return query.outcome() != DeliveryQuery.Outcome.ANY
        || query.subscription() != null
        || query.deadLetter() != null;
  }

  /** How many bytes of payloads it had to look into. */
  long bytesRead() {
    return bytesRead;
  }

  /** Whether any subscription's outcome, or that of the one the query names, is asked for. */
  boolean hasOutcome(OutcomeLookup.Found found) {
    return hasOutcome(found, query.subscription());
  }

  /** The same for this subscription, unless the query names one. */
  boolean hasOutcomeOf(String subscription, OutcomeLookup.Found found) {
    return hasOutcome(found, query.subscription() == null ? subscription : query.subscription());
  }

  private boolean hasOutcome(OutcomeLookup.Found found, @Nullable String of) {
    if (!asksForOutcome()) {
      return true;
    }
    if (query.outcome() == DeliveryQuery.Outcome.FAILED) {
      return found.failed().stream().anyMatch(name -> of == null || of.equals(name));
    }
    return found.outcomes().stream()
        .anyMatch(
            outcome -> (of == null || of.equals(outcome.subscription())) && isWanted(outcome));
  }

  private boolean isWanted(SubscriptionOutcome outcome) {
    DeadLetterFilter deadLetter = query.deadLetter();
    if (deadLetter != null && !isOf(outcome, deadLetter)) {
      return false;
    }
    return switch (query.outcome()) {
      case ANY, FAILED -> true;
      case WAITING -> outcome.state() == State.WAITING;
      case COMPLETED -> outcome.state() == State.COMPLETED;
      case DEAD_LETTER -> outcome.state() == State.DEAD_LETTER;
    };
  }

  private static boolean isOf(SubscriptionOutcome outcome, DeadLetterFilter filter) {
    return outcome.state() == State.DEAD_LETTER
        && outcome.at() != null
        && outcome.error() != null
        && filter.matches(outcome.at(), outcome.error());
  }

  /** Whether it was caused by whom and is about what the query asks for. */
  boolean hasSubject(FoundDelivery found, LogReader reader) throws SQLException {
    Delivery.Subject subject = found.entry().subject();
    String sender = query.sender();
    if (sender != null && !sender.equalsIgnoreCase(subject.sender())) {
      return false;
    }
    Topic topic = query.topic();
    if (topic == null || topic.isThread(subject.thread())) {
      return true;
    }
    if ((topic.commit() == null && topic.number() == null)
        || found.entry().length() > Mentions.LARGEST) {
      return false;
    }
    bytesRead += found.entry().length();
    Delivery delivery = reader.load(found.position());
    return delivery != null && Mentions.contain(Mentions.of(delivery.payload()), topic);
  }

  /** Whether the text is in it; reads the payload only when it is nowhere else. */
  boolean hasText(FoundDelivery found, LogReader reader) throws SQLException {
    TextSearch search = text;
    if (search == null
        || search.isIn(found.guid())
        || search.isIn(found.entry().subject().sender())
        || search.isIn(found.entry().subject().repository())) {
      return true;
    }
    bytesRead += found.entry().length();
    Delivery delivery = reader.load(found.position());
    return delivery != null && search.isIn(delivery.payload());
  }
}

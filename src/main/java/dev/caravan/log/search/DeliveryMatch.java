package dev.caravan.log.search;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.history.SubscriptionOutcome.State;
import dev.caravan.log.history.Topic;
import dev.caravan.log.reading.DeliveryReader;
import java.sql.SQLException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The part of a query that is checked delivery by delivery: the outcome, and what the payload
 * contains. For one thread.
 */
public final class DeliveryMatch {
  private final DeliveryQuery query;
  private final @Nullable TextSearch text;
  private long bytesRead;

  public DeliveryMatch(DeliveryQuery query) {
    this.query = query;
    this.text = query.text() == null ? null : new TextSearch(query.text());
  }

  /** Whether the query asks for the outcome of deliveries. */
  static boolean asksForOutcome(DeliveryQuery query) {
    return query.outcome() != Outcome.ANY
        || query.subscription() != null
        || query.deadLetter() != null;
  }

  /** Whether finding that out needs the successful attempts, which are most of them. */
  boolean asksForAttempts() {
    return query.deadLetter() == null
        && (query.outcome() == Outcome.COMPLETED
            || (query.outcome() == Outcome.ANY && query.subscription() != null));
  }

  /** How many bytes of payloads it has looked into. */
  long bytesRead() {
    return bytesRead;
  }

  /** Whether the delivery has the outcome asked for, in the query's subscription or in any. */
  boolean hasOutcome(OutcomeLookup.Found found) {
    return hasOutcomeOf(query.subscription(), found);
  }

  /** Whether the delivery has the outcome asked for, in this subscription or, if null, in any. */
  boolean hasOutcomeOf(@Nullable String subscription, OutcomeLookup.Found found) {
    if (!asksForOutcome(query)) {
      return true;
    }
    boolean failed = query.outcome() == Outcome.FAILED;
    if (failed
        && found.failed().stream()
            .noneMatch(name -> subscription == null || subscription.equals(name))) {
      return false;
    }
    return (failed && query.deadLetter() == null)
        || found.outcomes().stream()
            .anyMatch(
                outcome ->
                    (subscription == null || subscription.equals(outcome.subscription()))
                        && (!failed || found.failed().contains(outcome.subscription()))
                        && isWanted(outcome));
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

  /** How many of these rows contain what is asked for. */
  int count(DeliveryWalk.Some some, BitSet rows, DeliveryReader reader) throws SQLException {
    if (text == null && !some.mayMention()) {
      return rows.cardinality();
    }
    int count = 0;
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      count += isIn(some, row, reader) ? 1 : 0;
    }
    return count;
  }

  /**
   * Whether a row contains the text and the topic; reads the payload only if they are nowhere else.
   */
  public boolean isIn(DeliveryWalk.Some some, int row, DeliveryReader reader) throws SQLException {
    Topic topic = query.topic();
    boolean isAbout = topic == null || !some.mayMention() || hasThread(topic, some.stretch(), row);
    boolean hasText = text == null || hasText(text, some.stretch(), row);
    if (isAbout && hasText) {
      return true;
    }
    long position = some.stretch().position(row);
    Delivery delivery = reader.loadUndamaged(position);
    byte[] payload = delivery == null ? new byte[0] : delivery.payload();
    bytesRead += payload.length;
    return (isAbout || (topic != null && Mentions.contain(Mentions.of(payload), topic)))
        && (hasText
            || (text != null
                && (text.isIn(payload)
                    || text.isIn(delivery == null ? reader.guidAt(position) : delivery.guid()))));
  }

  private static boolean hasThread(Topic topic, Stretch stretch, int row) {
    return topic.isThread(stretch.threads().get(stretch.thread(row)));
  }

  private static boolean hasText(TextSearch text, Stretch stretch, int row) {
    return text.isIn(stretch.senders().get(stretch.sender(row)))
        || text.isIn(stretch.repositories().get(stretch.repository(row)));
  }
}

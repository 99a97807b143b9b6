package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryQuery;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What must be in the file for a delivery to have the outcome a query asks for: rows that lack it
 * need no closer look.
 */
final class OutcomeCondition {
  private OutcomeCondition() {}

  /**
   * The condition on {@code d.position}, or null when nothing is asked for.
   *
   * @param subscription the number of the subscription in question, or null for any
   * @param ahead from which position on a running subscription may have something to run
   */
  static @Nullable String of(DeliveryQuery query, @Nullable Long subscription, OptionalLong ahead) {
    String due = exists("due", subscription, "");
    String dead = exists("dead_letter", subscription, "");
    String cursor = ahead.isEmpty() ? "" : " OR d.position >= " + ahead.getAsLong();
    if (query.deadLetter() != null) {
      return dead;
    }
    return switch (query.outcome()) {
      case ANY ->
          query.subscription() == null
              ? null
              : "(%s OR %s OR %s OR %s%s)"
                  .formatted(due, dead, attempts(subscription, ""), marks(subscription), cursor);
      case WAITING -> "(" + due + cursor + ")";
      case COMPLETED ->
          "(%s OR %s)"
              .formatted(attempts(subscription, " AND o.error IS NULL"), marks(subscription));
      case FAILED -> attempts(subscription, " AND o.error IS NOT NULL");
      case DEAD_LETTER -> dead;
    };
  }

  // Their keys begin with the subscription, of which there are few.
  private static String exists(String table, @Nullable Long subscription, String more) {
    return "EXISTS (SELECT 1 FROM %s o WHERE o.subscription %s AND o.position = d.position%s)"
        .formatted(
            table,
            subscription == null ? "IN (SELECT id FROM subscription)" : "= " + subscription,
            more);
  }

  private static String attempts(@Nullable Long subscription, String more) {
    return ofPosition("attempt", subscription, more);
  }

  private static String marks(@Nullable Long subscription) {
    return ofPosition("completed", subscription, "");
  }

  private static String ofPosition(String table, @Nullable Long subscription, String more) {
    return "EXISTS (SELECT 1 FROM %s o WHERE o.position = d.position%s%s)"
        .formatted(
            table, subscription == null ? "" : " AND o.subscription = " + subscription, more);
  }
}

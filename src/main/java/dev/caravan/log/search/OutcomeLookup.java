package dev.caravan.log.search;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.history.SubscriptionOutcome.State;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Subscriptions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the outcome of a delivery in each subscription, from the tables and, for what has not run
 * yet, from the running subscriptions. For one thread, as long as its reader is lent.
 */
final class OutcomeLookup implements AutoCloseable {
  private final Subscriptions running;
  private final PreparedStatement rows;
  private final PreparedStatement attempts;

  OutcomeLookup(DeliveryReader reader, Subscriptions running) throws SQLException {
    this.running = running;
    this.rows =
        reader.prepare(
            """
            SELECT s.id, s.name, l.attempts, l.since, l.error, u.attempts, u.due_at
            FROM subscription s
              LEFT JOIN dead_letter l ON l.subscription = s.id AND l.position = ?
              LEFT JOIN due u ON u.subscription = s.id AND u.position = ?
            ORDER BY s.name""");
    this.attempts =
        reader.prepare(
            """
            SELECT subscription, number, ended, error FROM (
              SELECT subscription, number, started_at, started_at + took AS ended, error
              FROM attempt WHERE position = ?
              UNION ALL SELECT subscription, 0, 0, at, NULL FROM completed WHERE position = ?) AS told
            ORDER BY started_at, number""");
  }

  /**
   * The result of one subscription's attempts at a delivery.
   *
   * @param number the last one's; 0 when all that is known is that one succeeded
   * @param endedAt when that one ended; null when it is not known
   */
  record Attempts(int number, @Nullable Long endedAt, @Nullable String error, boolean anyFailed) {}

  /**
   * The outcomes of one delivery.
   *
   * @param failed the subscriptions with at least one failed attempt
   */
  record Found(List<SubscriptionOutcome> outcomes, List<String> failed) {}

  Found of(Envelope entry) throws SQLException {
    Map<Long, Attempts> tried = attempts(entry.position());
    List<SubscriptionOutcome> outcomes = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    rows.setLong(1, entry.position());
    rows.setLong(2, entry.position());
    try (ResultSet row = rows.executeQuery()) {
      while (row.next()) {
        Attempts attempt = tried.get(row.getLong(1));
        SubscriptionOutcome outcome = outcome(row, attempt, entry);
        if (outcome != null) {
          outcomes.add(outcome);
        }
        if (attempt != null && attempt.anyFailed()) {
          failed.add(row.getString(2));
        }
      }
    }
    return new Found(outcomes, failed);
  }

  private @Nullable SubscriptionOutcome outcome(
      ResultSet row, @Nullable Attempts tried, Envelope entry) throws SQLException {
    String name = row.getString(2);
    String error = tried == null ? null : tried.error();
    Subscriptions.Running open = running.open(name);
    int deadAttempts = row.getInt(3);
    boolean isDead = !row.wasNull();
    int dueAttempts = row.getInt(6);
    if (!row.wasNull()
        && (open != null || !isDead)) { // else it was sent again while its route is away
      long dueAt = row.getLong(7);
      return new SubscriptionOutcome(
          name, State.WAITING, dueAttempts, dueAt == Outcome.AT_ONCE ? null : at(dueAt), error);
    }
    if (isDead) {
      return new SubscriptionOutcome(
          name, State.DEAD_LETTER, deadAttempts, at(row.getLong(4)), row.getString(5));
    }
    if (open != null
        && entry.isWantedBy(open.filter())
        && open.isAhead(entry.position(), entry.subject().repository())) {
      return new SubscriptionOutcome(name, State.WAITING, 0, null, null);
    }
    return tried == null
        ? null
        : new SubscriptionOutcome(
            name,
            tried.error() == null ? State.COMPLETED : State.FAILED,
            tried.number(),
            tried.endedAt() == null ? null : at(tried.endedAt()),
            tried.error());
  }

  private Map<Long, Attempts> attempts(long position) throws SQLException {
    Map<Long, Attempts> found = new HashMap<>();
    attempts.setLong(1, position);
    attempts.setLong(2, position);
    try (ResultSet row = attempts.executeQuery()) {
      while (row.next()) {
        String error = row.getString(4);
        Attempts before = found.get(row.getLong(1));
        long ended = row.getLong(3);
        Long endedAt = row.wasNull() ? null : ended;
        found.put(
            row.getLong(1),
            new Attempts(
                row.getInt(2),
                endedAt,
                error,
                error != null || (before != null && before.anyFailed())));
      }
    }
    return found;
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    attempts.close();
  }
}

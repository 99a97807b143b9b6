package dev.caravan.log.sqlite.tables;

import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.tables.PositionList;
import dev.caravan.log.tables.Sql;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the committer writes about subscriptions. Belongs to the writer's connection and thread. */
public final class SubscriptionTable {
  /** Whether a delivery is due as a first attempt. */
  private static final String FRESH =
      "SELECT 1 FROM due WHERE subscription = ? AND position = ? AND attempts = 0";

  private static final String PROGRESS =
      "UPDATE subscription SET next = ?, unfinished = ? WHERE id = ?";

  private static final String ATTEMPT = "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?)";

  private static final String DUE = "INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?)";

  /**
   * Moves the row of an earlier replay by a millisecond: it differs from what that replay wrote,
   * which thereby cannot take it back.
   */
  private static final String REPLAY =
      """
            INSERT INTO due VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE
            SET attempts = min(attempts, ?), due_at = min(max(due_at - 1, 0), excluded.due_at)""";

  private static final String NOT_DUE = "DELETE FROM due WHERE subscription = ? AND position = ?";

  private static final String GAVE_UP =
      "DELETE FROM due WHERE subscription = ? AND position = ? AND attempts = ?";

  private static final String DEAD_LETTER =
      "INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?)";

  private static final String NOT_DEAD =
      "DELETE FROM dead_letter WHERE subscription = ? AND position = ?";

  private static final String FIND = "SELECT * FROM subscription WHERE name = ?";

  private static final String ALL = "SELECT * FROM subscription ORDER BY name";

  private static final String CREATE =
      "INSERT INTO subscription (name, created_at, next, unfinished) VALUES (?, ?, ?, x'')";

  private static final String PAUSE = "UPDATE subscription SET paused = ? WHERE name = ?";

  private static final String EXPIRE =
      """
            INSERT OR REPLACE INTO dead_letter VALUES (?1, ?2,
              ifnull((SELECT attempts FROM due WHERE subscription = ?1 AND position = ?2), 0),
              ?3, ?4)""";

  private static final String DUE_BETWEEN =
      "SELECT position FROM due WHERE subscription = ? AND position BETWEEN ? AND ?";

  private final Sql sql;

  public SubscriptionTable(Connection writer) {
    this.sql = new Sql(writer);
  }

  /** Writes the cursor and the outcomes of a running subscription. */
  public void write(RunningSubscription.Changes changes) throws SQLException {
    progress(changes.subscription(), changes.cursor());
    for (Outcome outcome : changes.outcomes()) {
      write(changes.subscription(), outcome);
    }
  }

  private void progress(long subscription, StoredCursor snapshot) throws SQLException {
    sql.update(PROGRESS, snapshot.next(), PositionList.encode(snapshot.unfinished()), subscription);
  }

  private void write(long subscription, Outcome outcome) throws SQLException {
    long position = outcome.position();
    if (outcome.next() != Next.NOT_WANTED) {
      attempt(subscription, outcome);
    }
    if (outcome.isTriedAgain()) {
      due(subscription, position, outcome.attemptsBefore(), outcome.dueAt());
      if (outcome.isDue()) {
        sql.update(
            NOT_DEAD, subscription, position); // it was one since its body was deleted while it ran
      }
    } else if (outcome.isDue()) {
      if (outcome.next() == Next.DONE) {
        sql.update(NOT_DUE, subscription, position);
      } else {
        gaveUp(subscription, outcome);
      }
      sql.update(NOT_DEAD, subscription, position);
    }
    if (outcome.next() == Next.DEAD_LETTER) {
      deadLetter(subscription, outcome);
    }
  }

  private void attempt(long subscription, Outcome outcome) throws SQLException {
    sql.update(
        ATTEMPT,
        outcome.position(),
        subscription,
        outcome.startedAt(),
        outcome.number(),
        outcome.took(),
        outcome.error());
  }

  /** Removes its due row, unless a redelivery has replaced it since. */
  private void gaveUp(long subscription, Outcome outcome) throws SQLException {
    sql.update(GAVE_UP, subscription, outcome.position(), outcome.attempts());
  }

  private void deadLetter(long subscription, Outcome outcome) throws SQLException {
    sql.update(
        DEAD_LETTER,
        subscription,
        outcome.position(),
        outcome.number(),
        outcome.startedAt() + outcome.took(),
        outcome.error());
  }

  /** Makes a delivery due in a subscription at that time. */
  public void due(long subscription, long position, int attempts, long dueAt) throws SQLException {
    sql.update(DUE, subscription, position, attempts, dueAt);
  }

  /**
   * Makes a delivery due in a subscription as a first attempt, at that time or earlier if it is due
   * earlier. It is no longer a dead letter.
   *
   * @param holding whether it continues to hold up its lane, if it does so now; it then counts one
   *     attempt
   * @return false when it was due as a first attempt anyway
   */
  public boolean replay(long subscription, long position, long dueAt, boolean holding)
      throws SQLException {
    boolean waits = sql.has(FRESH, subscription, position);
    sql.update(NOT_DEAD, subscription, position);
    sql.update(REPLAY, subscription, position, dueAt, holding ? 1 : 0);
    return !waits;
  }

  /** Removes a dead letter; false when there was none. */
  public boolean revive(long subscription, long position) throws SQLException {
    return sql.update(NOT_DEAD, subscription, position) > 0;
  }

  /** Makes a delivery that was not finished in time a dead letter. */
  public void expire(long subscription, long position, long now) throws SQLException {
    sql.update(EXPIRE, subscription, position, now, "expired: " + ExpiredException.REASON);
    notDue(subscription, position);
  }

  void notDue(long subscription, long position) throws SQLException {
    sql.update(NOT_DUE, subscription, position);
  }

  /** The positions that are due in a subscription, from one to another, inclusive. */
  public List<Long> dueBetween(long subscription, long from, long to) throws SQLException {
    return sql.list(DUE_BETWEEN, row -> row.getLong(1), subscription, from, to);
  }

  /**
   * Removes deliveries from the unfinished ones of the cursor: after a crash it would run them,
   * beside a redelivery.
   */
  public void finished(StoredSubscription stored, Set<Long> ended) throws SQLException {
    List<Long> left =
        stored.unfinished().stream().filter(position -> !ended.contains(position)).toList();
    if (left.size() < stored.unfinished().size()) {
      progress(stored.id(), new StoredCursor(stored.next(), left));
    }
  }

  /** Moves a cursor; what is before that was completed, or will never be run. */
  public void goOnAt(StoredSubscription stored, long to) throws SQLException {
    progress(stored.id(), new StoredCursor(to, List.of()));
  }

  /** Records whether a subscription is paused; false when there is none of that name. */
  public boolean pause(String name, boolean paused) throws SQLException {
    return sql.update(PAUSE, paused ? 1 : 0, name) > 0;
  }

  public @Nullable StoredSubscription find(String name) throws SQLException {
    return sql.first(FIND, StoredSubscription::of, name);
  }

  /** All subscriptions, by name. */
  public List<StoredSubscription> all() throws SQLException {
    return sql.list(ALL, StoredSubscription::of);
  }

  /** Creates a subscription that begins at that position. */
  public void create(String name, long first, long now) throws SQLException {
    sql.update(CREATE, name, now, first);
  }
}

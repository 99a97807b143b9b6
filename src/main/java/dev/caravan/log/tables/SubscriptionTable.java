package dev.caravan.log.tables;

import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the committer writes about subscriptions. Belongs to the writer's connection and thread. */
public final class SubscriptionTable {
  /** Whether a delivery is to run from its first attempt on, apart from the cursor. */
  static final String FRESH =
      "SELECT 1 FROM due WHERE subscription = ? AND position = ? AND attempts = 0";

  private final PreparedStatement progress;
  private final PreparedStatement attempt;
  private final PreparedStatement due;
  private final PreparedStatement fresh;
  private final PreparedStatement replay;
  private final PreparedStatement notDue;
  private final PreparedStatement gaveUp;
  private final PreparedStatement deadLetter;
  private final PreparedStatement notDead;
  private final PreparedStatement find;
  private final PreparedStatement all;
  private final PreparedStatement create;
  private final PreparedStatement pause;
  private final PreparedStatement expire;
  private final PreparedStatement dueBetween;
  private final PreparedStatement ids;

  public SubscriptionTable(Connection writer) throws SQLException {
    progress =
        writer.prepareStatement("UPDATE subscription SET next = ?, unfinished = ? WHERE id = ?");
    attempt = writer.prepareStatement("INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?)");
    due = writer.prepareStatement("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?)");
    fresh = writer.prepareStatement(FRESH);
    replay =
        writer.prepareStatement(
            """
            INSERT INTO due VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE
            SET attempts = min(attempts, ?), due_at = min(due_at, excluded.due_at)""");
    notDue = writer.prepareStatement("DELETE FROM due WHERE subscription = ? AND position = ?");
    gaveUp =
        writer.prepareStatement(
            "DELETE FROM due WHERE subscription = ? AND position = ? AND attempts = ?");
    deadLetter =
        writer.prepareStatement("INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?)");
    notDead =
        writer.prepareStatement("DELETE FROM dead_letter WHERE subscription = ? AND position = ?");
    find = writer.prepareStatement("SELECT * FROM subscription WHERE name = ?");
    all = writer.prepareStatement("SELECT * FROM subscription ORDER BY name");
    create =
        writer.prepareStatement(
            "INSERT INTO subscription (name, created_at, next, unfinished) VALUES (?, ?, ?, x'')");
    pause = writer.prepareStatement("UPDATE subscription SET paused = ? WHERE name = ?");
    expire =
        writer.prepareStatement(
            """
            INSERT OR REPLACE INTO dead_letter VALUES (?1, ?2,
              ifnull((SELECT attempts FROM due WHERE subscription = ?1 AND position = ?2), 0),
              ?3, ?4)""");
    dueBetween =
        writer.prepareStatement(
            "SELECT position FROM due WHERE subscription = ? AND position BETWEEN ? AND ?");
    ids = writer.prepareStatement("SELECT id FROM subscription");
  }

  public void write(RunningSubscription.Changes changes) throws SQLException {
    progress(changes.subscription(), changes.cursor());
    for (Outcome outcome : changes.outcomes()) {
      write(changes.subscription(), outcome);
    }
  }

  private void progress(long subscription, StoredCursor snapshot) throws SQLException {
    progress.setLong(1, snapshot.next());
    progress.setBytes(2, PositionList.encode(snapshot.unfinished()));
    progress.setLong(3, subscription);
    progress.executeUpdate();
  }

  private void write(long subscription, Outcome outcome) throws SQLException {
    long position = outcome.position();
    if (outcome.next() != Next.NOT_WANTED) {
      attempt(subscription, outcome);
    }
    if (outcome.isTriedAgain()) {
      due(subscription, position, outcome.attemptsBefore(), outcome.dueAt());
      if (outcome.isDue()) {
        on(notDead, subscription, position); // which it was since its body went while it ran
      }
    } else if (outcome.isDue()) {
      if (outcome.next() == Next.DONE) {
        on(notDue, subscription, position);
      } else {
        gaveUp(subscription, outcome);
      }
      on(notDead, subscription, position);
    }
    if (outcome.next() == Next.DEAD_LETTER) {
      deadLetter(subscription, outcome);
    }
  }

  private void attempt(long subscription, Outcome outcome) throws SQLException {
    attempt.setLong(1, outcome.position());
    attempt.setLong(2, subscription);
    attempt.setLong(3, outcome.startedAt());
    attempt.setInt(4, outcome.number());
    attempt.setLong(5, outcome.took());
    attempt.setString(6, outcome.error());
    attempt.executeUpdate();
  }

  /** Its due row goes, unless a redelivery has put another in its place since. */
  private void gaveUp(long subscription, Outcome outcome) throws SQLException {
    gaveUp.setLong(1, subscription);
    gaveUp.setLong(2, outcome.position());
    gaveUp.setInt(3, outcome.attempts());
    gaveUp.executeUpdate();
  }

  private void deadLetter(long subscription, Outcome outcome) throws SQLException {
    deadLetter.setLong(1, subscription);
    deadLetter.setLong(2, outcome.position());
    deadLetter.setInt(3, outcome.number());
    deadLetter.setLong(4, outcome.startedAt() + outcome.took());
    deadLetter.setString(5, outcome.error());
    deadLetter.executeUpdate();
  }

  /** Lets a subscription run a delivery at that time, apart from its cursor. */
  public void due(long subscription, long position, int attempts, long dueAt) throws SQLException {
    due.setLong(1, subscription);
    due.setLong(2, position);
    due.setInt(3, attempts);
    due.setLong(4, dueAt);
    due.executeUpdate();
  }

  /**
   * Lets a subscription run a delivery from its first attempt on, at that time or, where it is due
   * before that, then. It is no dead letter any more.
   *
   * @param holding whether it goes on holding up its lane, if it does so now; that counts as one
   *     attempt
   * @return false when it was to run from its first attempt on anyway
   */
  public boolean replay(long subscription, long position, long dueAt, boolean holding)
      throws SQLException {
    fresh.setLong(1, subscription);
    fresh.setLong(2, position);
    boolean waits;
    try (ResultSet row = fresh.executeQuery()) {
      waits = row.next();
    }
    on(notDead, subscription, position);
    replay.setLong(1, subscription);
    replay.setLong(2, position);
    replay.setLong(3, dueAt);
    replay.setInt(4, holding ? 1 : 0);
    replay.executeUpdate();
    return !waits;
  }

  /** Takes a dead letter away; false when there was none. */
  public boolean revive(long subscription, long position) throws SQLException {
    return on(notDead, subscription, position) > 0;
  }

  /** Makes a dead letter of what was not finished in time. */
  public void expire(long subscription, long position, long now) throws SQLException {
    expire.setLong(1, subscription);
    expire.setLong(2, position);
    expire.setLong(3, now);
    expire.setString(4, "expired: " + ExpiredException.REASON);
    expire.executeUpdate();
    notDue(subscription, position);
  }

  void notDue(long subscription, long position) throws SQLException {
    on(notDue, subscription, position);
  }

  /** Positions a subscription is to run apart from its cursor, from one to another. */
  public List<Long> dueBetween(long subscription, long from, long to) throws SQLException {
    dueBetween.setLong(1, subscription);
    dueBetween.setLong(2, from);
    dueBetween.setLong(3, to);
    return numbers(dueBetween);
  }

  /**
   * Takes what has ended apart from the cursor out of what the cursor has left unfinished: after a
   * crash it would find it there, and run it beside a redelivery.
   */
  public void finished(StoredSubscription stored, Set<Long> ended) throws SQLException {
    List<Long> left =
        stored.unfinished().stream().filter(position -> !ended.contains(position)).toList();
    if (left.size() < stored.unfinished().size()) {
      progress(stored.id(), new StoredCursor(stored.next(), left));
    }
  }

  /** Lets a subscription go on there; what is before, it has completed or never will run. */
  public void goOnAt(StoredSubscription stored, long to) throws SQLException {
    progress(stored.id(), new StoredCursor(to, List.of()));
  }

  List<Long> ids() throws SQLException {
    return numbers(ids);
  }

  /** Writes down whether it is paused; false when there is none of that name. */
  public boolean pause(String name, boolean paused) throws SQLException {
    pause.setBoolean(1, paused);
    pause.setString(2, name);
    return pause.executeUpdate() > 0;
  }

  public @Nullable StoredSubscription find(String name) throws SQLException {
    return StoredSubscription.find(find, name);
  }

  /** All there are, by name. */
  public List<StoredSubscription> all() throws SQLException {
    List<StoredSubscription> found = new ArrayList<>();
    try (ResultSet row = all.executeQuery()) {
      while (row.next()) {
        found.add(StoredSubscription.of(row));
      }
    }
    return found;
  }

  public void create(String name, long first, long now) throws SQLException {
    create.setString(1, name);
    create.setLong(2, now);
    create.setLong(3, first);
    create.executeUpdate();
  }

  private static List<Long> numbers(PreparedStatement statement) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        numbers.add(row.getLong(1));
      }
    }
    return numbers;
  }

  private static int on(PreparedStatement statement, long subscription, long position)
      throws SQLException {
    statement.setLong(1, subscription);
    statement.setLong(2, position);
    return statement.executeUpdate();
  }
}

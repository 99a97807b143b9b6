package dev.caravan.log.sqlite;

import dev.caravan.log.sqlite.Outcome.Next;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the committer writes about subscriptions. Belongs to the writer's connection and thread. */
final class SubscriptionWrites {
  /** Whether a delivery is to run from its first attempt on, apart from the cursor. */
  static final String FRESH =
      "SELECT 1 FROM due WHERE subscription = ? AND position = ? AND attempts = 0";

  private final PreparedStatement progress;
  private final PreparedStatement attempt;
  private final PreparedStatement due;
  private final PreparedStatement fresh;
  private final PreparedStatement replay;
  private final PreparedStatement notDue;
  private final PreparedStatement deadLetter;
  private final PreparedStatement notDead;
  private final PreparedStatement find;
  private final PreparedStatement all;
  private final PreparedStatement create;
  private final PreparedStatement pause;

  SubscriptionWrites(Connection writer) throws SQLException {
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
    deadLetter =
        writer.prepareStatement("INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?)");
    notDead =
        writer.prepareStatement("DELETE FROM dead_letter WHERE subscription = ? AND position = ?");
    find = writer.prepareStatement("SELECT * FROM subscription WHERE name = ?");
    all = writer.prepareStatement("SELECT * FROM subscription ORDER BY name");
    create =
        writer.prepareStatement(
            "INSERT INTO subscription (name, created_at, first, next, unfinished) VALUES (?, ?, ?, ?, x'')");
    pause = writer.prepareStatement("UPDATE subscription SET paused = ? WHERE name = ?");
  }

  void write(Window.Changes changes) throws SQLException {
    progress.setLong(1, changes.progress().next());
    progress.setBytes(2, Progress.encode(changes.progress().unfinished()));
    progress.setLong(3, changes.subscription());
    progress.executeUpdate();
    for (Outcome outcome : changes.outcomes()) {
      write(changes.subscription(), outcome);
    }
  }

  private void write(long subscription, Outcome outcome) throws SQLException {
    long position = outcome.pending().position();
    attempt.setLong(1, position);
    attempt.setLong(2, subscription);
    attempt.setLong(3, outcome.startedAt());
    attempt.setInt(4, outcome.number());
    attempt.setLong(5, outcome.took());
    attempt.setString(6, outcome.error());
    attempt.executeUpdate();
    if (outcome.next() == Next.RETRY) {
      due(subscription, position, outcome.number(), outcome.dueAt());
    } else if (outcome.pending().due()) {
      on(notDue, subscription, position);
      on(notDead, subscription, position);
    }
    if (outcome.next() == Next.DEAD_LETTER) {
      deadLetter(subscription, outcome);
    }
  }

  private void deadLetter(long subscription, Outcome outcome) throws SQLException {
    deadLetter.setLong(1, subscription);
    deadLetter.setLong(2, outcome.pending().position());
    deadLetter.setInt(3, outcome.number());
    deadLetter.setLong(4, outcome.startedAt() + outcome.took());
    deadLetter.setString(5, outcome.error());
    deadLetter.executeUpdate();
  }

  /** Lets a subscription run a delivery at that time, apart from its cursor. */
  void due(long subscription, long position, int attempts, long dueAt) throws SQLException {
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
  boolean replay(long subscription, long position, long dueAt, boolean holding)
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
  boolean revive(long subscription, long position) throws SQLException {
    return on(notDead, subscription, position) > 0;
  }

  /** Writes down whether it is paused; false when there is none of that name. */
  boolean pause(String name, boolean paused) throws SQLException {
    pause.setBoolean(1, paused);
    pause.setString(2, name);
    return pause.executeUpdate() > 0;
  }

  @Nullable StoredSubscription find(String name) throws SQLException {
    find.setString(1, name);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? stored(row) : null;
    }
  }

  /** All there are, by name. */
  List<StoredSubscription> all() throws SQLException {
    List<StoredSubscription> found = new ArrayList<>();
    try (ResultSet row = all.executeQuery()) {
      while (row.next()) {
        found.add(stored(row));
      }
    }
    return found;
  }

  void create(String name, long first, long now) throws SQLException {
    create.setString(1, name);
    create.setLong(2, now);
    create.setLong(3, first);
    create.setLong(4, first);
    create.executeUpdate();
  }

  private static StoredSubscription stored(ResultSet row) throws SQLException {
    return new StoredSubscription(
        row.getLong("id"),
        row.getString("name"),
        row.getLong("first"),
        row.getLong("next"),
        Progress.decode(row.getBytes("unfinished")),
        row.getBoolean("paused"));
  }

  private static int on(PreparedStatement statement, long subscription, long position)
      throws SQLException {
    statement.setLong(1, subscription);
    statement.setLong(2, position);
    return statement.executeUpdate();
  }
}

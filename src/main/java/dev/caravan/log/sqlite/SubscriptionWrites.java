package dev.caravan.log.sqlite;

import dev.caravan.log.sqlite.Outcome.Next;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the committer writes about subscriptions. Belongs to the writer's connection and thread. */
final class SubscriptionWrites {
  private final PreparedStatement progress;
  private final PreparedStatement attempt;
  private final PreparedStatement due;
  private final PreparedStatement notDue;
  private final PreparedStatement deadLetter;
  private final PreparedStatement notDead;
  private final PreparedStatement find;
  private final PreparedStatement create;
  private final PreparedStatement pause;

  SubscriptionWrites(Connection writer) throws SQLException {
    progress =
        writer.prepareStatement("UPDATE subscription SET next = ?, unfinished = ? WHERE id = ?");
    attempt = writer.prepareStatement("INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?)");
    due = writer.prepareStatement("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?)");
    notDue = writer.prepareStatement("DELETE FROM due WHERE subscription = ? AND position = ?");
    deadLetter =
        writer.prepareStatement("INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?)");
    notDead =
        writer.prepareStatement("DELETE FROM dead_letter WHERE subscription = ? AND position = ?");
    find = writer.prepareStatement("SELECT * FROM subscription WHERE name = ?");
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

  /** Takes a dead letter away; false when there was none. */
  boolean revive(long subscription, long position) throws SQLException {
    return on(notDead, subscription, position) > 0;
  }

  void pause(String name, boolean paused) throws SQLException {
    pause.setBoolean(1, paused);
    pause.setString(2, name);
    pause.executeUpdate();
  }

  @Nullable StoredSubscription find(String name) throws SQLException {
    find.setString(1, name);
    try (ResultSet row = find.executeQuery()) {
      return row.next()
          ? new StoredSubscription(
              row.getLong("id"),
              row.getString("name"),
              row.getLong("first"),
              row.getLong("next"),
              Progress.decode(row.getBytes("unfinished")),
              row.getBoolean("paused"))
          : null;
    }
  }

  void create(String name, long first, long now) throws SQLException {
    create.setString(1, name);
    create.setLong(2, now);
    create.setLong(3, first);
    create.setLong(4, first);
    create.executeUpdate();
  }

  private static int on(PreparedStatement statement, long subscription, long position)
      throws SQLException {
    statement.setLong(1, subscription);
    statement.setLong(2, position);
    return statement.executeUpdate();
  }
}

package dev.caravan.log.postgres.append;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.PositionList;
import dev.caravan.log.tables.RepeatLines;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts a delivery that GitHub has sent again, and makes it run for each subscription that wants
 * it and has not completed it, whichever node runs that. Uses only the tables, under the locks of
 * the cursors, in one transaction.
 */
final class RevivalCall {
  /** In milliseconds. Owners hold cursors for a moment; somebody else may hold one for hours. */
  private static final String SHORTLY = "SET LOCAL lock_timeout = 100";

  /** Locks the cursors of that shard; their owners write them before or after. */
  private static final String CURSORS =
      "SELECT subscription, next, unfinished, owner IS NOT NULL FROM cursor"
          + " WHERE shard = ? ORDER BY subscription FOR UPDATE";

  private static final String STATES =
      """
      SELECT s.id, s.name, l.position IS NOT NULL, u.position IS NOT NULL,
        (SELECT max(started_at + took) FROM attempt a
          WHERE a.position = ? AND a.subscription = s.id AND a.error IS NULL),
        c.position IS NOT NULL, c.at, r.events, r.repository
      FROM subscription s
        LEFT JOIN dead_letter l ON l.subscription = s.id AND l.position = ?
        LEFT JOIN due u ON u.subscription = s.id AND u.position = ?
        LEFT JOIN completed c ON c.subscription = s.id AND c.position = ?
        LEFT JOIN LATERAL (SELECT events, repository FROM runs JOIN node ON node.id = runs.node
          WHERE runs.subscription = s.id AND NOT node.given_up AND node.expires_at > clock_timestamp()
          ORDER BY node.id DESC LIMIT 1) r ON true""";
  private static final String DUE =
      """
      INSERT INTO due (subscription, position, attempts, due_at, shard) VALUES (?, ?, 0, ?, ?)
      ON CONFLICT (subscription, position) DO UPDATE SET attempts = 0, due_at = excluded.due_at""";
  private static final String ALIVE =
      "DELETE FROM dead_letter WHERE subscription = ? AND position = ?";
  private static final String AGAIN = "INSERT INTO again VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String TOUCHED =
      "UPDATE cursor SET touched = touched + 1 WHERE subscription = ? AND shard = ?";

  private final Sessions sessions;
  private final LongSupplier now;
  private final DueChanges.Listener news;

  /**
   * @param now by the database's clock, in milliseconds since 1970
   * @param news is told of which shards something was made due
   */
  RevivalCall(Sessions sessions, LongSupplier now, DueChanges.Listener news) {
    this.sessions = sessions;
    this.now = now;
    this.news = news;
  }

  private record Cursor(long subscription, StoredCursor at, boolean isOwned) {}

  private record State(
      long subscription,
      String name,
      boolean isDead,
      boolean isDue,
      boolean isCompleted,
      @Nullable Instant completedAt,
      @Nullable EventFilter filter) {}

  private record Done(List<String> again, List<String> completed, List<Long> due) {}

  /** Does it, and logs the result. */
  void run(Revival revival) throws SQLException {
    Append repeat = revival.first();
    Done done =
        sessions.run(
            connection -> {
              List<Cursor> cursors = cursors(connection, repeat.shard());
              // After the cursors, as others lock.
              RepeatCount.add(connection, repeat, revival.position(), revival.times());
              return revive(connection, repeat, revival.position(), cursors);
            });
    done.due().forEach(subscription -> news.dueChanged(subscription, repeat.shard()));
    NewDelivery added = repeat.added();
    boolean byHook = revival.ofSeveral() && added.sentBy() != NewDelivery.NO_HOOK;
    RepeatLines.repeat(
        added.delivery(),
        new DeliveryName(added.delivery().guid(), byHook ? added.sentBy() : null),
        done.again(),
        done.completed());
  }

  private Done revive(Connection connection, Append repeat, long position, List<Cursor> cursors)
      throws SQLException {
    Done done = new Done(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<State> states = states(connection, position);
    for (Cursor cursor : cursors) {
      for (State state : states) {
        if (state.subscription() == cursor.subscription()) {
          revive(connection, repeat, position, cursor, state, done);
        }
      }
    }
    return done;
  }

  private void revive(
      Connection connection, Append repeat, long position, Cursor cursor, State state, Done done)
      throws SQLException {
    boolean isWanted = state.filter() != null && state.filter().wants(repeat.added().delivery());
    boolean isAhead = cursor.at().isAhead(position);
    boolean isLeft = state.isDead() || state.isDue();
    boolean runsByCursor = isAhead && !state.isDue(); // even if it expired before it was read
    boolean isRefused = !isWanted && state.filter() != null; // by a route that runs
    if (isRefused || (!isLeft && !isWanted)) {
      return;
    }
    if (!isLeft && !isAhead && state.isCompleted()) {
      done.completed()
          .add(state.name() + (state.completedAt() == null ? "" : " at " + state.completedAt()));
      return;
    }
    if (cursor.isOwned() && (isAhead || isLeft)) { // it may be running
      update(connection, AGAIN, cursor.subscription(), position);
    }
    if (isLeft && (isWanted || runsByCursor)) { // else decided when its route is back
      update(connection, ALIVE, cursor.subscription(), position);
    }
    if (!runsByCursor) {
      update(connection, DUE, cursor.subscription(), position, now.getAsLong(), repeat.shard());
      update(connection, TOUCHED, cursor.subscription(), repeat.shard());
      done.due().add(cursor.subscription());
    }
    if (isWanted) {
      done.again().add(state.name());
    }
  }

  private static List<Cursor> cursors(Connection connection, int shard) throws SQLException {
    try (Statement shortly = connection.createStatement();
        PreparedStatement select = connection.prepareStatement(CURSORS)) {
      shortly.execute(SHORTLY);
      select.setInt(1, shard);
      List<Cursor> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new Cursor(
                  row.getLong(1),
                  new StoredCursor(row.getLong(2), PositionList.decode(row.getBytes(3))),
                  row.getBoolean(4)));
        }
      }
      return found;
    }
  }

  private static List<State> states(Connection connection, long position) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(STATES)) {
      for (int index = 1; index <= 4; index++) {
        select.setLong(index, position);
      }
      List<State> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Long succeededAt = row.getObject(5, Long.class);
          Long markedAt = row.getObject(7, Long.class);
          Long at = succeededAt == null ? markedAt : succeededAt;
          String events = row.getString(8);
          found.add(
              new State(
                  row.getLong(1),
                  row.getString(2),
                  row.getBoolean(3),
                  row.getBoolean(4),
                  succeededAt != null || row.getBoolean(6),
                  at == null ? null : Instant.ofEpochMilli(at),
                  events == null ? null : EventFilter.parse(events, row.getString(9))));
        }
      }
      return found;
    }
  }

  private static void update(Connection connection, String sql, long... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int index = 0; index < values.length; index++) {
        statement.setLong(index + 1, values[index]);
      }
      statement.executeUpdate();
    }
  }
}

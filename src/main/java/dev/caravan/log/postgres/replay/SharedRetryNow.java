package dev.caravan.log.postgres.replay;

import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTime;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.CursorLocks;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.replay.ReplayTarget;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes waiting retries run now, some in each transaction, to let outcomes be written in between.
 * Each only once: one that has failed again by then waits as its route says.
 */
public final class SharedRetryNow {
  private static final int AT_ONCE = 4096;

  private static final String NOW =
      """
      UPDATE due SET due_at = %1$s WHERE subscription = ? AND position IN (
        SELECT position FROM due WHERE subscription = ? AND position > ? AND due_at > %1$s
          AND attempts > 0 ORDER BY position LIMIT ?)
      RETURNING position, shard"""
          .formatted(SharedTime.NOW);

  private static final Set<Integer> ALL =
      IntStream.range(0, Shards.COUNT).boxed().collect(Collectors.toUnmodifiableSet());

  private final Sessions sessions;
  private final DueChanges.Listener listener;

  public SharedRetryNow(Sessions sessions, DueChanges.Listener listener) {
    this.sessions = sessions;
    this.listener = listener;
  }

  /**
   * All of a subscription; returns their number.
   *
   * @param known all subscriptions of the log
   * @throws UnknownSubscriptionException when there is none of that name
   */
  public long of(String subscription, List<ReplayTarget> known) {
    ReplayTarget target =
        known.stream()
            .filter(each -> each.name().equals(subscription))
            .findAny()
            .orElseThrow(
                () ->
                    new UnknownSubscriptionException(
                        subscription, known.stream().map(ReplayTarget::name).toList()));
    long retried = 0;
    Some some = new Some(0, 0, new DueChanges());
    do {
      long after = some.last();
      some = SharedTransactions.run(sessions, connection -> run(target.id(), after, connection));
      some.changes().tell(listener);
      retried += some.count();
    } while (some.count() == AT_ONCE);
    return retried;
  }

  private record Some(int count, long last, DueChanges changes) {}

  private static Some run(long subscription, long after, Connection connection)
      throws SQLException {
    CursorLocks locks = CursorLocks.take(connection, List.of(subscription), ALL);
    DueChanges changes = new DueChanges();
    int count = 0;
    long last = after;
    try (PreparedStatement now = connection.prepareStatement(NOW)) {
      now.setLong(1, subscription);
      now.setLong(2, subscription);
      now.setLong(3, after);
      now.setInt(4, AT_ONCE);
      try (ResultSet row = now.executeQuery()) {
        for (; row.next(); count++) {
          last = Math.max(last, row.getLong(1));
          changes.add(subscription, row.getInt(2));
        }
      }
    }
    locks.touch(changes.shards());
    return new Some(count, last, changes);
  }
}

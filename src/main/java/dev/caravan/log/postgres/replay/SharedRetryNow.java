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
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes waiting retries run now, some in each transaction, to let outcomes be written in between.
 */
public final class SharedRetryNow {
  private static final int AT_ONCE = 4096;

  private static final String NOW =
      """
      UPDATE due SET due_at = %1$s WHERE subscription = ? AND position IN (
        SELECT position FROM due WHERE subscription = ? AND shard = ? AND due_at > %1$s
          AND attempts > 0 LIMIT ?)"""
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
    int some;
    do {
      DueChanges changes = new DueChanges();
      some = SharedTransactions.run(sessions, connection -> run(target.id(), connection, changes));
      changes.tell(listener);
      retried += some;
    } while (some > 0);
    return retried;
  }

  private static int run(long subscription, Connection connection, DueChanges changes)
      throws SQLException {
    CursorLocks locks = CursorLocks.take(connection, List.of(subscription), ALL);
    int retried = 0;
    try (PreparedStatement now = connection.prepareStatement(NOW)) {
      for (int shard = 0; shard < Shards.COUNT && retried < AT_ONCE; shard++) {
        now.setLong(1, subscription);
        now.setLong(2, subscription);
        now.setInt(3, shard);
        now.setInt(4, AT_ONCE - retried);
        int some = now.executeUpdate();
        if (some > 0) {
          changes.add(subscription, shard);
        }
        retried += some;
      }
    }
    locks.touch(changes.shards());
    return retried;
  }
}

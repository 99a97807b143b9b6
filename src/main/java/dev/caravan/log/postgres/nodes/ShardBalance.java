package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.shards.HeldShard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes the shards that this node should run, and releases those above its share. */
public final class ShardBalance {
  private final Taking onTaken;

  /**
   * @param onTaken called when shards were taken, before any attempt of theirs begins
   */
  public ShardBalance(Taking onTaken) {
    this.onTaken = onTaken;
  }

  /** Reads with the connection that has taken shards, to wait for no other. */
  @FunctionalInterface
  public interface Taking {
    void taken(Connection connection) throws SQLException;
  }

  /** Does so now, for these subscriptions. */
  void of(Connection connection, long node, Iterable<LocalSubscription> subscriptions)
      throws SQLException {
    Map<Long, NodeTable.Runners> who = NodeTable.who(connection);
    for (LocalSubscription each : subscriptions) {
      if (!each.isClosed()) {
        balance(connection, node, each, FairShare.of(who.get(each.id()), node, each));
      }
    }
  }

  private void balance(
      Connection connection, long node, LocalSubscription subscription, FairShare share)
      throws SQLException {
    subscription.limit(share.attempts());
    List<HeldShard> open = subscription.openShards();
    for (int index = share.shards(); index < open.size(); index++) {
      open.get(index).dispatcher().close(); // released once nothing of it runs
    }
    if (open.size() < share.shards()) {
      List<Integer> not = new ArrayList<>(subscription.busyShards());
      subscription.shards().forEach(held -> not.add(held.shard()));
      List<CursorTable.Taken> all =
          CursorTable.take(connection, node, subscription.id(), not, share.shards() - open.size());
      if (!all.isEmpty()) {
        onTaken.taken(connection);
      }
      for (CursorTable.Taken taken : all) {
        subscription.hold(taken.shard(), node, taken.epoch(), taken.touched(), taken.cursor());
      }
    }
  }
}

package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.shards.HeldShard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the shards that this node should run, and releases those above its share. */
public final class ShardBalance {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

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
      sayWhatWasBeyondTheEnd(subscription, all);
      for (CursorTable.Taken taken : all) {
        subscription.hold(taken.shard(), node, taken.epoch(), taken.touched(), taken.cursor());
      }
    }
  }

  private static void sayWhatWasBeyondTheEnd(
      LocalSubscription subscription, List<CursorTable.Taken> all) {
    List<CursorTable.Taken> beyond =
        all.stream().filter(CursorTable.Taken::wasBeyondTheEnd).toList();
    if (!beyond.isEmpty()) {
      LOG.error(
          "Subscription \"{}\" was beyond the end of the log ({}, of {} shards), as when a log is restored under nodes of an older version. It continues at the end, {}; what was accepted since the restore may not have run: caravan replay runs it.",
          subscription.name(),
          beyond.stream().mapToLong(CursorTable.Taken::was).max().orElse(0),
          beyond.size(),
          beyond.get(0).cursor().next());
    }
  }
}

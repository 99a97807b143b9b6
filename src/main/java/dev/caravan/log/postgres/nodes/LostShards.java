package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.HeldShard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops shards that are no longer this node's in the database, and frees those it does not run. */
final class LostShards {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private LostShards() {}

  static void drop(Connection connection, long node, LocalSubscriptions subscriptions)
      throws SQLException {
    Set<HeldShard> lost = new HashSet<>(subscriptions.held());
    for (CursorTable.Mine mine : CursorTable.mine(connection, node)) {
      HeldShard held = subscriptions.held(mine.subscription(), mine.shard());
      if (held != null && held.epoch() == mine.epoch()) {
        lost.remove(held);
        held.touched(mine.touched());
      } else if (held == null) { // left by a start that failed halfway
        CursorTable.free(connection, node, mine);
      }
    }
    for (HeldShard each : lost) {
      if (!each.dispatcher().isOver()) { // or it is only released, between the two looks here
        LOG.warn("Another node has taken over a part of subscription \"{}\".", each.name());
      }
      subscriptions.drop(each);
    }
    subscriptions.removeThoseOver(); // attempts in lost shards may have ended since
  }
}

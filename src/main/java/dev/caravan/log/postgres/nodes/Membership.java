package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.DatabaseTiming;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.NodeLease;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's membership as a node: its row in the table, renewed in time or, once others have
 * given it up, joined under a new number. For one thread at a time.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Database database;
  private final PostgresPlace place;
  private final NodeLease lease;
  private final LocalSubscriptions subscriptions;
  private final DatabaseTiming timing;
  private final Pauses pauses;
  private final long intervalNanos;
  private long renewedAt;
  private long pauseSaid;

  /**
   * @param intervalNanos how often it is to be renewed
   */
  Membership(
      Database database,
      NodeLease lease,
      LocalSubscriptions subscriptions,
      DatabaseTiming timing,
      Pauses pauses,
      long intervalNanos) {
    this.database = database;
    this.place = database.place();
    this.lease = lease;
    this.subscriptions = subscriptions;
    this.timing = timing;
    this.pauses = pauses;
    this.intervalNanos = intervalNanos;
  }

  /**
   * For a database so slow that a whole beat would take as long as the lease; and after a pause
   * that this node has just followed, since somebody waits for it.
   */
  void renewIfDue(Connection current) throws SQLException {
    if (System.nanoTime() - renewedAt >= intervalNanos || pauses.seen() != pauseSaid) {
      renew(current);
    }
  }

  void renew(Connection current) throws SQLException {
    long sentAt = System.nanoTime();
    long node = lease.node();
    pauseSaid = pauses.seen();
    NodeTable.Given given =
        node == 0 ? null : NodeTable.renew(current, node, place.lease(), pauseSaid);
    if (given == null) {
      lease.lost();
      subscriptions.held().forEach(subscriptions::drop);
      if (node != 0) {
        LOG.warn(
            "This node was silent for so long that others have taken over its work. It joins again.");
      }
      sentAt = System.nanoTime();
      pauseSaid = 0;
      given = join(current);
    }
    database.isNode(given.node(), given.lease());
    timing.now(given.now(), sentAt);
    boolean wasHeld = lease.isHeld();
    lease.given(given.node(), sentAt);
    renewedAt = sentAt;
    if (!wasHeld) {
      subscriptions.held().forEach(held -> held.dispatcher().start());
    }
  }

  private NodeTable.Given join(Connection current) throws SQLException {
    NodeTable.Given given = NodeTable.join(current, place.node(), place.lease());
    for (LocalSubscription each : subscriptions) {
      if (!each.isClosed()) {
        NodeTable.runs(current, given.node(), each);
      }
    }
    return given;
  }
}

package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.DatabaseTiming;
import dev.caravan.log.postgres.database.KeptConnection;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Waker;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.NodeLease;
import dev.caravan.log.postgres.shards.NodeMemory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that keeps this process a node: renews its lease, gives up silent nodes, takes its
 * fair share of its subscriptions' shards, and releases any above that. Nodes meet only in the
 * database.
 */
public final class Heartbeat implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final int BEATS_IN_A_LEASE = 5;
  private static final int BEATS_BETWEEN_NOTES = 10;

  /**
   * Part of the lease: a call that is never answered leaves time for another on a new connection.
   */
  private static final double LONGEST_CALL = 0.4;

  private final Database database;
  private final NodeMemory.Use readAnew;
  private final PostgresPlace place;
  private final KeptConnection connection;
  private final NodeLease lease;
  private final Membership membership;
  private final ShardBalance balance;
  private final LocalSubscriptions subscriptions;
  private final Pauses pauses;
  private final Waker waker;
  private final Availability availability;
  private final Thread thread = new Thread(this, "delivery-log-node");
  private final long intervalNanos;
  private boolean isStale;
  private long before;
  private long soundSince;
  private boolean wasSound = true;
  private int beats;
  private volatile boolean wanted;
  private volatile boolean closing;

  /**
   * @param readAnew makes this node forget and read again what it remembers of the log
   */
  public Heartbeat(
      Database database,
      NodeLease lease,
      LocalSubscriptions subscriptions,
      DatabaseTiming timing,
      Pauses pauses,
      Waker waker,
      Availability availability,
      ShardBalance balance,
      NodeMemory.Use readAnew) {
    this.database = database;
    this.balance = balance;
    this.readAnew = readAnew;
    this.place = database.place();
    this.connection = new KeptConnection(database, longestCall(database.place().lease()));
    this.lease = lease;
    this.subscriptions = subscriptions;
    this.pauses = pauses;
    this.waker = waker;
    this.availability = availability;
    this.intervalNanos = place.lease().toNanos() / BEATS_IN_A_LEASE;
    this.membership = new Membership(database, lease, subscriptions, timing, pauses, intervalNanos);
  }

  /** The driver counts whole seconds. */
  private static Duration longestCall(Duration lease) {
    return Duration.ofSeconds(Math.max(1, (long) (lease.toSeconds() * LONGEST_CALL)));
  }

  /** Joins as a node, until this is closed. */
  public void start() throws SQLException {
    synchronized (this) {
      beat();
    }
    thread.start();
  }

  /** Beats now, not at the next interval. */
  public void beatSoon() {
    wanted = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    long next = System.nanoTime() + intervalNanos;
    while (!closing) {
      while (!wanted && !closing && next - System.nanoTime() > 0) {
        LockSupport.parkNanos(this, next - System.nanoTime());
      }
      wanted = false;
      next = System.nanoTime() + intervalNanos; // counted from its start: a beat may take long
      beatOrSayWhyNot();
    }
  }

  private synchronized void beatOrSayWhyNot() {
    try {
      if (!closing) {
        beat();
        wasSound = true;
        availability.succeeded(Availability.Part.NODE);
      }
    } catch (SQLException e) {
      connection.giveUp();
      wasSound = false;
      wanted |= !database.whyNewHistory().isEmpty(); // and then it is looked at now
      availability.failed(Availability.Part.NODE, e);
    } catch (RuntimeException | Error e) { // otherwise nobody would renew the lease
      LOG.error("Keeping this node alive failed in an unexpected way. It continues.", e);
    }
  }

  private void beat() throws SQLException {
    beginAnewWhereHistoryIsAnother();
    Connection current = connection.get();
    database.check(current);
    if (!wasSound || soundSince == 0) {
      soundSince = System.nanoTime();
    }
    membership.renew(current);
    pauses.look(current);
    membership.renewIfDue(current);
    giveUpSilentNodes(current);
    waker.othersThere(NodeTable.live(current) > 1);
    membership.renewIfDue(current);
    LostShards.drop(current, lease.node(), subscriptions);
    NodeTable.runsOnly(current, lease.node(), subscriptions.openIds());
    NodeTable.state(current, lease.node(), subscriptions);
    if (beats++ % BEATS_BETWEEN_NOTES == 0) {
      NodeTable.runLast(current, subscriptions.ids());
    }
    membership.renewIfDue(current);
    balance.of(current, lease.node(), subscriptions);
  }

  private void beginAnewWhereHistoryIsAnother() throws SQLException {
    String why = database.whyNewHistory();
    if (!why.isEmpty()) {
      LOG.warn(
          "The delivery log is not as this node knew it: {}. This node forgets what it has in memory, interrupts what runs, and reads the log again.",
          why);
      isStale = true;
      before = lease.node();
      connection.giveUp();
      lease.lost();
      subscriptions.held().forEach(subscriptions::drop);
    }
    if (isStale) {
      readAnew.run();
      NodeTable.leave(connection.get(), before, place.node()); // or others would wait for it
      isStale = false;
    }
  }

  /** At first only what this node was before: the database may have been away from all of them. */
  private void giveUpSilentNodes(Connection current) throws SQLException {
    String name = isSoundForLong() ? null : place.node();
    for (NodeTable.GivenUp node : NodeTable.giveUpSilent(current, lease.node(), name)) {
      LOG.warn("{}. Others take over.", node);
    }
  }

  /** After an outage, other nodes get as much time to come back as a lease lasts. */
  private boolean isSoundForLong() {
    return System.nanoTime() - soundSince >= place.lease().toNanos();
  }

  /** A subscription begins on this node: tells all nodes, and takes free shards at once. */
  synchronized void begin(LocalSubscription subscription) throws SQLException {
    try {
      Connection current = connection.get();
      NodeTable.runs(current, lease.node(), subscription);
      NodeTable.runLast(current, List.of(subscription.id()));
      subscriptions.add(subscription);
      pauses.look(current); // it may have been paused since its state was read
      balance.of(current, lease.node(), List.of(subscription));
      waker.tell(Waker.BEGUN);
    } catch (SQLException | RuntimeException | Error e) { // the caller gets no subscription
      connection.giveUp();
      subscription.shards().forEach(subscription::drop);
      subscriptions.remove(subscription);
      throw e;
    }
  }

  /** A subscription has ended on this node. If this cannot be written now, a later beat does it. */
  synchronized void end(LocalSubscription subscription) throws SQLException {
    try {
      NodeTable.runLast(connection.get(), List.of(subscription.id()));
      NodeTable.runsNot(connection.get(), lease.node(), subscription);
    } catch (SQLException e) {
      connection.giveUp();
      throw e;
    }
  }

  /** The number of this node; a new one after it was given up. */
  public long node() {
    return lease.node();
  }

  /** Leaves: shards that were not released are free at once. */
  public void close() throws InterruptedException {
    closing = true;
    LockSupport.unpark(thread);
    thread.join(TimeUnit.SECONDS.toMillis(5));
    synchronized (this) {
      try {
        NodeTable.leave(connection.get(), lease.node(), place.node());
      } catch (SQLException e) {
        LOG.debug("This node could not take its leave; others take over when its lease ends", e);
      }
      lease.lost();
      connection.giveUp();
    }
  }
}

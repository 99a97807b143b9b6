package dev.caravan.log.postgres.running;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.shards.NodeLease;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.reading.ReadingStore;
import dev.caravan.log.reading.RecentDeliveries;
import dev.caravan.log.subscription.OrderBy;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What subscriptions on this node get from the log, as long as it is still the node that took their
 * shards.
 */
public final class ShardStore extends ReadingStore {
  private static final String NO_LEASE = "this node has not heard from the database for too long";

  private final Readers readers;
  private final RecentDeliveries recent;
  private final ReadFailures failures;
  private final NodeLease lease;
  private final Availability availability;
  private final long subscription;
  private final long node;
  private Consumer<RunningSubscription> reading = any -> {};
  private Consumer<Boolean> writing = urgent -> {};

  public ShardStore(
      Readers readers,
      RecentDeliveries recent,
      ReadFailures failures,
      NodeLease lease,
      Availability availability) {
    this(readers, recent, failures, lease, availability, 0, 0);
  }

  private ShardStore(
      Readers readers,
      RecentDeliveries recent,
      ReadFailures failures,
      NodeLease lease,
      Availability availability,
      long subscription,
      long node) {
    super(readers, recent, failures);
    this.readers = readers;
    this.recent = recent;
    this.failures = failures;
    this.lease = lease;
    this.availability = availability;
    this.subscription = subscription;
    this.node = node;
  }

  /** For shards of a subscription that were taken under this number of the node. */
  ShardStore of(long subscriptionNumber, long nodeNumber) {
    ShardStore store =
        new ShardStore(
            readers, recent, failures, lease, availability, subscriptionNumber, nodeNumber);
    store.connect(reading, writing);
    return store;
  }

  /** Sets what reads and writes for them, which itself needs this store. */
  public void connect(Consumer<RunningSubscription> reads, Consumer<Boolean> writes) {
    reading = reads;
    writing = writes;
  }

  /** Which node has deleted a body, and made dead letters, is not told to the others. */
  @Override
  public @Nullable Delivery load(long position) throws UnreadableException {
    Delivery delivery = super.load(position);
    boolean isDeadLetter =
        delivery == null
            && read(reader -> ShardReading.isDeadLetter(reader, subscription, position));
    mayBegin();
    if (isDeadLetter) {
      throw new ExpiredException(true);
    }
    return delivery;
  }

  @Override
  public Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException {
    Stretch newest = super.newestRuns(subscription, orderBy, after, before);
    mayBegin();
    return newest;
  }

  /**
   * Checks the lease after each read before an attempt: this process may have been frozen or cut
   * off meanwhile, and may be another node by now.
   */
  private void mayBegin() throws UnreadableException {
    if (!lease.isHeldAs(node)) {
      throw new UnreadableException(new SQLException(NO_LEASE), false);
    }
  }

  @Override
  public void requestReading(RunningSubscription subscription) {
    reading.accept(subscription);
  }

  @Override
  public void outcomeWaiting(boolean urgent) {
    writing.accept(urgent);
  }

  /** Nothing: it is written for a whole subscription before its shards are told. */
  @Override
  public void setPaused(String subscription, boolean paused) {}

  @Override
  public String trouble() {
    return lease.isHeldAs(node) ? availability.forAttempts() : NO_LEASE;
  }
}

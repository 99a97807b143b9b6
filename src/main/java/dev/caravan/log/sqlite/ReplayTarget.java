package dev.caravan.log.sqlite;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscription.Standing;
import dev.caravan.log.dispatch.RunningSubscriptions;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that a replay goes to. Its route may come and go meanwhile, so what runs under its
 * name is looked up each time.
 */
final class ReplayTarget {
  private StoredSubscription stored;
  private final RunningSubscriptions running;

  /**
   * @param stored as it was when the replay began
   */
  ReplayTarget(StoredSubscription stored, RunningSubscriptions running) {
    this.stored = stored;
    this.running = running;
  }

  String name() {
    return stored.name();
  }

  /** The number of its row. */
  long id() {
    return stored.id();
  }

  /** Learns how far it is by now, which matters when nothing runs under its name. */
  void refresh(SubscriptionWrites subscriptions) throws SQLException {
    StoredSubscription now = dispatcher() == null ? subscriptions.find(name()) : null;
    if (now != null) {
      stored = now;
    }
  }

  /** What runs under its name, or null. */
  @Nullable RunningSubscription dispatcher() {
    return running.find(stored.name());
  }

  /** Whether its filter lets the delivery through; of an idle one that is not known. */
  boolean wants(Envelope entry) {
    RunningSubscription dispatcher = dispatcher();
    return dispatcher == null || entry.isWantedBy(dispatcher.filter());
  }

  /** Whether a delivery may be put into the due table for it. */
  Standing standing(long position) {
    RunningSubscription dispatcher = dispatcher();
    if (dispatcher != null) {
      return dispatcher.standing(position);
    }
    return stored.isAhead(position) ? Standing.WAITING : Standing.FREE;
  }
}

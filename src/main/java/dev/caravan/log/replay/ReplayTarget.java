package dev.caravan.log.replay;

import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.EventFilter;
import dev.caravan.log.search.DeliveryWalk;
import dev.caravan.log.search.StretchFilter;
import dev.caravan.log.search.Subscriptions;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.StoredSubscription;
import dev.caravan.log.tables.SubscriptionTable;
import java.sql.SQLException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that a replay goes to. Its route may come and go meanwhile, so what runs under its
 * name is looked up each time.
 */
final class ReplayTarget {
  private StoredSubscription stored;
  private final Subscriptions running;
  private final EventTypes kinds;

  /**
   * @param stored as it was when the replay began
   */
  ReplayTarget(StoredSubscription stored, Subscriptions running, EventTypes kinds) {
    this.stored = stored;
    this.kinds = kinds;
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
  void refresh(SubscriptionTable subscriptions) throws SQLException {
    StoredSubscription now = dispatcher() == null ? subscriptions.find(name()) : null;
    if (now != null) {
      stored = now;
    }
  }

  /** What runs under its name, or null. */
  Subscriptions.@Nullable Running dispatcher() {
    return running.find(stored.name());
  }

  /** The rows that its filter lets through; of an idle one that is not known, so all of them. */
  BitSet wanted(DeliveryWalk.Some some) {
    Subscriptions.Running dispatcher = dispatcher();
    if (dispatcher == null) {
      BitSet all = new BitSet();
      all.or(some.rows());
      return all;
    }
    EventFilter filter = dispatcher.filter();
    return new StretchFilter(DeliveryQuery.ALL.of(filter), kinds.wanted(filter), true)
        .rows(some.stretch(), Long.MIN_VALUE, Long.MAX_VALUE, null);
  }

  /** Whether a delivery may be put into the due table for it. */
  Subscriptions.Standing standing(long position) {
    Subscriptions.Running dispatcher = dispatcher();
    if (dispatcher != null) {
      return dispatcher.standing(position);
    }
    return stored.isAhead(position) ? Subscriptions.Standing.WAITING : Subscriptions.Standing.FREE;
  }
}

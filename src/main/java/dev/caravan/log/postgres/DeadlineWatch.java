package dev.caravan.log.postgres;

import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.NodeLease;

/** Checks ten times a second whether this node's lease is over; then interrupts its attempts. */
final class DeadlineWatch {
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final Timing timing;
  private final NodeLease lease;
  private final LocalSubscriptions subscriptions;
  private volatile boolean closed;

  DeadlineWatch(Timing timing, NodeLease lease, LocalSubscriptions subscriptions) {
    this.timing = timing;
    this.lease = lease;
    this.subscriptions = subscriptions;
  }

  /** Checks now and then on, until this is closed. */
  void look() {
    if (closed) {
      return;
    }
    try {
      if (lease.isOver()) { // other nodes may run them by now
        subscriptions.held().forEach(held -> held.dispatcher().interrupt());
      }
    } finally { // even after an error: nothing else checks
      timing.later(BETWEEN_LOOKS_MILLIS, this::look);
    }
  }

  void close() {
    closed = true;
  }
}

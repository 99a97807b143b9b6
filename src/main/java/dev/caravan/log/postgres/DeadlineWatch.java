package dev.caravan.log.postgres;

import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.NodeLease;

/** Looks ten times a second whether this node's lease is over, and then interrupts what runs. */
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

  /** Looks, and goes on looking until it is closed. */
  void look() {
    if (closed) {
      return;
    }
    try {
      if (lease.isOver()) { // others may run it by now
        subscriptions.held().forEach(held -> held.dispatcher().interrupt());
      }
    } finally { // whatever became of it: nobody else looks
      timing.later(BETWEEN_LOOKS_MILLIS, this::look);
    }
  }

  void close() {
    closed = true;
  }
}

package dev.caravan.log.postgres;

import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.postgres.append.Intake;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.shards.NodeLease;

/**
 * Looks ten times a second whether this node's lease is over, and then interrupts what runs; and
 * whether deliveries have waited for too long.
 */
final class DeadlineWatch {
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final Timing timing;
  private final NodeLease lease;
  private final LocalSubscriptions subscriptions;
  private final Intake intake;
  private volatile boolean closed;

  DeadlineWatch(Timing timing, NodeLease lease, LocalSubscriptions subscriptions, Intake intake) {
    this.timing = timing;
    this.lease = lease;
    this.subscriptions = subscriptions;
    this.intake = intake;
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
      intake.look();
    } finally { // whatever became of it: nobody else looks
      timing.later(BETWEEN_LOOKS_MILLIS, this::look);
    }
  }

  void close() {
    closed = true;
  }
}

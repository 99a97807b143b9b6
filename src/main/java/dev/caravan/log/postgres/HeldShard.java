package dev.caravan.log.postgres;

import dev.caravan.log.dispatch.RunningSubscription;

/**
 * A shard of a subscription that this node runs, for as long as its epoch is that of the cursor.
 */
final class HeldShard {
  private final long subscription;
  private final int shard;
  private final long node;
  private final long epoch;
  private final RunningSubscription dispatcher;
  private volatile long touched;
  private long calls;

  HeldShard(
      long subscription,
      int shard,
      long node,
      long epoch,
      long touched,
      RunningSubscription dispatcher) {
    this.subscription = subscription;
    this.shard = shard;
    this.node = node;
    this.epoch = epoch;
    this.touched = touched;
    this.dispatcher = dispatcher;
  }

  /** The number of its subscription. */
  long subscription() {
    return subscription;
  }

  /** The name of its subscription. */
  String name() {
    return dispatcher.name();
  }

  int shard() {
    return shard;
  }

  /** The number under which this node took it. */
  long node() {
    return node;
  }

  long epoch() {
    return epoch;
  }

  /** The number of the next call that writes it; used by the one thread that does. */
  long nextCall() {
    return ++calls;
  }

  RunningSubscription dispatcher() {
    return dispatcher;
  }

  /** Others have changed what is due of it so often by now. */
  void touched(long times) {
    if (times != touched) {
      touched = times;
      dispatcher.dueChanged();
    }
  }
}

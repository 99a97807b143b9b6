package dev.caravan.log.postgres.shards;

import dev.caravan.log.dispatch.RunningSubscription;

/**
 * A shard of a subscription that this node runs, for as long as its epoch is that of the cursor.
 */
public final class HeldShard {
  private final long subscription;
  private final int shard;
  private final long node;
  private final long epoch;
  private final RunningSubscription dispatcher;
  private volatile long touched;
  private long calls;

  public HeldShard(
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
  public long subscription() {
    return subscription;
  }

  /** The name of its subscription. */
  public String name() {
    return dispatcher.name();
  }

  public int shard() {
    return shard;
  }

  /** The number under which this node took it. */
  public long node() {
    return node;
  }

  public long epoch() {
    return epoch;
  }

  /** The number of the next call that writes it; used by the one thread that does. */
  public long nextCall() {
    return ++calls;
  }

  public RunningSubscription dispatcher() {
    return dispatcher;
  }

  /** Others have changed what is due of it so often by now. */
  public void touched(long times) {
    if (times != touched) {
      touched = times;
      dispatcher.dueChanged();
    }
  }
}

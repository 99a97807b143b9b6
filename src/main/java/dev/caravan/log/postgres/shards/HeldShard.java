package dev.caravan.log.postgres.shards;

import dev.caravan.log.dispatch.RunningSubscription;

/** A shard of a subscription that this node runs, as long as the epoch is the cursor's. */
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

  /** The number of the next call that writes it. Used only by the thread that writes outcomes. */
  public long nextCall() {
    return ++calls;
  }

  public RunningSubscription dispatcher() {
    return dispatcher;
  }

  /** How often others have changed what is due of it. */
  public void touched(long times) {
    if (times != touched) {
      touched = times;
      dispatcher.dueChanged();
    }
  }
}

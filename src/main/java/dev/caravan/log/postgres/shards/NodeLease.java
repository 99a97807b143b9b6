package dev.caravan.log.postgres.shards;

import java.time.Duration;

/**
 * Whether this process is still a node, as far as it can know by itself: it has a lease that has
 * not run out. A lost lease is a flag, not an old time. Safe for use by many threads.
 */
public final class NodeLease {
  /** The part of the lease that a node relies on; the rest allows for clocks of different speed. */
  private static final double SAFE = 0.8;

  private final long safeNanos;
  private final long lengthNanos;
  private volatile State state = new State(0, false, 0);

  public NodeLease(Duration length) {
    this.lengthNanos = length.toNanos();
    this.safeNanos = (long) (lengthNanos * SAFE);
  }

  private record State(long node, boolean isGiven, long sentAt) {}

  /**
   * The database has granted the lease.
   *
   * @param sentAt when it was asked, in nanoTime; its answer came later
   */
  public void given(long node, long sentAt) {
    state = new State(node, true, sentAt);
  }

  /** The database has given this node up, or this process has. */
  public void lost() {
    state = new State(0, false, 0);
  }

  /** Whether attempts may begin now in shards that were taken under this number of the node. */
  public boolean isHeldAs(long node) {
    State now = state;
    return now.node() == node && isSafe(now);
  }

  /** Whether it has run out: others may have taken over what this node runs. */
  public boolean isOver() {
    State now = state;
    return now.isGiven() && System.nanoTime() - now.sentAt() >= lengthNanos;
  }

  /** Whether attempts may begin now. */
  public boolean isHeld() {
    return isSafe(state);
  }

  private boolean isSafe(State now) {
    return now.isGiven() && System.nanoTime() - now.sentAt() < safeNanos;
  }

  /** The number of this node; 0 when it is none. */
  public long node() {
    return state.node();
  }
}

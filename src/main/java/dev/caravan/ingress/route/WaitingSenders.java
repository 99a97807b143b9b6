package dev.caravan.ingress.route;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests that have arrived whole and have no answer yet, and reports when there are
 * many.
 */
public final class WaitingSenders {
  /** There are always a few; this many only when they arrive faster than they are answered. */
  static final int MANY = 16;

  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable whenMany;

  /**
   * @param whenMany run with each request that comes while many wait
   */
  public WaitingSenders(Runnable whenMany) {
    this.whenMany = whenMany;
  }

  void came() {
    if (waiting.incrementAndGet() >= MANY) {
      whenMany.run();
    }
  }

  void answered() {
    waiting.decrementAndGet();
  }
}

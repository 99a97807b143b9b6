package dev.caravan.ingress.route;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests that have arrived completely and have no answer yet, and says when there are
 * many.
 */
public final class WaitingSenders {
  /**
   * A few are here at any time; there are this many only when they arrive faster than they are
   * answered.
   */
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

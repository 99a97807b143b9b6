package dev.caravan.secrets;

import java.util.concurrent.atomic.LongAdder;

/** How often, and when last, the secret of one label verified a delivery. For many threads. */
final class SecretUse {
  private static final long PRECISION = 1000;

  private final LongAdder count = new LongAdder();
  private volatile long last;

  /**
   * @param count what an earlier run counted
   * @param last when that was, in milliseconds since 1970, or 0 for never
   */
  SecretUse(long count, long last) {
    this.count.add(count);
    this.last = last;
  }

  void used(long now) {
    count.increment();
    if (now - last >= PRECISION) { // a write that all loops share, not for every delivery
      last = now;
    }
  }

  long count() {
    return count.sum();
  }

  long last() {
    return last;
  }
}

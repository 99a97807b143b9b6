package dev.caravan.ingress.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts the requests that have arrived whole and have no answer yet, and reports when most of
 * those that come find many others waiting.
 *
 * <p>One look would not do: after a flush that took 20 ms many wait as well, for a moment, although
 * there is room for all of them.
 */
public final class WaitingSenders {
  /** There are always a few; this many only when they arrive faster than they are answered. */
  static final int MANY = 16;

  /** How long requests are counted before it is reported, in nanoseconds. */
  static final long COUNTED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger came = new AtomicInteger();
  private final AtomicInteger cameToMany = new AtomicInteger();
  private final Runnable whenMany;
  private final LongSupplier nanos;
  private volatile long countedSince;

  /**
   * @param whenMany run now and then as long as most find many waiting, by a thread that brings a
   *     request
   */
  public WaitingSenders(Runnable whenMany) {
    this(whenMany, System::nanoTime);
  }

  WaitingSenders(Runnable whenMany, LongSupplier nanos) {
    this.whenMany = whenMany;
    this.nanos = nanos;
    this.countedSince = nanos.getAsLong();
  }

  void came() {
    if (waiting.incrementAndGet() >= MANY) {
      cameToMany.incrementAndGet();
    }
    came.incrementAndGet();
    long now = nanos.getAsLong();
    if (now - countedSince >= COUNTED_NANOS && mostCameToMany(now)) {
      whenMany.run();
    }
  }

  void answered() {
    waiting.decrementAndGet();
  }

  /** Judges what was counted, and begins anew; false when another thread just did. */
  private synchronized boolean mostCameToMany(long now) {
    if (now - countedSince < COUNTED_NANOS) {
      return false;
    }
    countedSince = now;
    return 2 * cameToMany.getAndSet(0) > came.getAndSet(0);
  }
}

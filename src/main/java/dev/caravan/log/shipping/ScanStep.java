package dev.caravan.log.shipping;

import dev.caravan.log.pages.PageSink;
import java.util.concurrent.TimeUnit;

/**
 * How many pages of the log's file are looked at and shipped at once: as many as the storage takes
 * quickly, since a change made meanwhile waits behind them. For one thread.
 */
final class ScanStep {
  private static final int FEWEST_PAGES = 256;
  private static final int MOST_PAGES = 8192;
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private int pages = FEWEST_PAGES;

  int pages() {
    return pages;
  }

  /** How long one took. */
  void took(long nanos) {
    if (nanos > SLOW_NANOS) {
      pages = Math.max(FEWEST_PAGES, pages / 2);
    } else if (nanos < QUICK_NANOS) {
      pages = Math.min(MOST_PAGES, pages * 2);
    }
  }

  /** In nanoseconds, from one to the next, so that no more is read of the file in a second. */
  long nanosEach(long bytesPerSecond) {
    return pages * (long) PageSink.BYTES * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
  }
}

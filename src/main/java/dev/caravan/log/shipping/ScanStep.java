package dev.caravan.log.shipping;

import dev.caravan.log.pages.PageSink;
import java.util.concurrent.TimeUnit;

/**
 * How many pages of the log's file are scanned and shipped at once: as many as the storage takes
 * quickly, since changes wait behind them. For one thread.
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

  /** Adapts to how long the last step took, in nanoseconds. */
  void took(long nanos) {
    if (nanos > SLOW_NANOS) {
      pages = Math.max(FEWEST_PAGES, pages / 2);
    } else if (nanos < QUICK_NANOS) {
      pages = Math.min(MOST_PAGES, pages * 2);
    }
  }

  /** Nanoseconds from one step to the next at this rate of reading. */
  long nanosEach(long bytesPerSecond) {
    return pages * (long) PageSink.BYTES * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
  }
}

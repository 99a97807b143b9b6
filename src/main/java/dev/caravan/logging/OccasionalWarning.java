package dev.caravan.logging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Warns once in a while, and counts what is left out: what a client can cause thousands of times a
 * second must not fill the disk. For every thread.
 */
public final class OccasionalWarning {
  private final Logger log;
  private final long interval;
  private final String line;
  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private final LongAdder left = new LongAdder();

  /**
   * @param line with one {@code {}} for what is different each time, if anything is
   */
  public OccasionalWarning(Logger log, Duration interval, String line) {
    this.log = log;
    this.interval = interval.toNanos();
    this.line = line + " {} more since the last such line.";
  }

  public void warn(String what) {
    if (isDue()) {
      log.warn(line, what, left.sumThenReset());
    } else {
      left.increment();
    }
  }

  /** For a line that is about nothing else, with what failed. */
  public void error(Throwable failure) {
    if (isDue()) {
      log.error(line, left.sumThenReset(), failure);
    } else {
      left.increment();
    }
  }

  private boolean isDue() {
    long now = System.nanoTime();
    long then = due.get();
    return now - then >= 0 && due.compareAndSet(then, now + interval);
  }
}

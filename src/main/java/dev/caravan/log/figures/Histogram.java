package dev.caravan.log.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how often values of each size occur. A value costs two additions, little enough to count
 * every delivery. Safe for use by many threads.
 */
public final class Histogram {
  private final double unit;
  private final List<Double> upTo;
  private final long[] bounds;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  /**
   * @param unit what a recorded value is divided by when it is read: 1e9 makes nanoseconds seconds
   * @param upTo the largest value of each class, ascending, as it is read; what is larger than all
   *     has a class of its own
   */
  public Histogram(double unit, List<Double> upTo) {
    this.unit = unit;
    this.upTo = List.copyOf(upTo);
    bounds = upTo.stream().mapToLong(bound -> Math.round(bound * unit)).toArray();
    counts = new LongAdder[bounds.length + 1];
    for (int index = 0; index < counts.length; index++) {
      counts[index] = new LongAdder();
    }
  }

  public void record(long value) {
    int index = 0;
    while (index < bounds.length && value > bounds[index]) {
      index++;
    }
    counts[index].increment();
    sum.add(value);
  }

  /** What has been recorded so far. */
  public Distribution read() {
    List<Long> read = new ArrayList<>();
    for (LongAdder count : counts) {
      read.add(count.sum());
    }
    return new Distribution(upTo, read, sum.sum() / unit);
  }
}

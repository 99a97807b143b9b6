package dev.caravan.metrics;

import java.util.Locale;

/** What {@link FigureHistory} keeps, and in which column; a column never changes its meaning. */
public enum Series {
  /** Requests answered 202. */
  ACCEPTED(0, Merge.SUM),
  /** Requests refused for their signature. */
  WRONG_SIGNATURE(1, Merge.SUM),
  /** Requests refused for any other fault. */
  BAD_REQUEST(2, Merge.SUM),
  /** Requests refused for want of room, by a log that could not write, or during a stop. */
  UNAVAILABLE(3, Merge.SUM),
  /** The 99th percentile of the time until a delivery was on disk, in microseconds. */
  APPEND_TIME(4, Merge.MOST),
  /** Attempts that ended, whatever their outcome. */
  ATTEMPTS(5, Merge.SUM),
  /** Attempts that failed. */
  FAILURES(6, Merge.SUM),
  /** Deliveries that wait for their first attempt, of all subscriptions. */
  LAG(7, Merge.LAST),
  /** Deliveries that are to run again. */
  DUE(8, Merge.LAST),
  /** Deliveries that were given up and are kept. */
  DEAD_LETTERS(9, Merge.LAST),
  /** Bytes of the log on disk. */
  ON_DISK(10, Merge.LAST),
  /** Free bytes on the log's disk. */
  FREE(11, Merge.LAST);

  private final int column;
  private final Merge merge;

  Series(int column, Merge merge) {
    this.column = column;
    this.merge = merge;
  }

  /** How values within one stretch of time become one. */
  private enum Merge {
    SUM,
    MOST,
    LAST
  }

  /** Its place among the values of a slot. */
  int column() {
    return column;
  }

  long merge(long before, long now) {
    return switch (merge) {
      case SUM -> before + now;
      case MOST -> Math.max(before, now);
      case LAST -> now;
    };
  }

  /** As it is written in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

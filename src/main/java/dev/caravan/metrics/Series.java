package dev.caravan.metrics;

import java.util.Locale;

/** What {@link FigureHistory} keeps, in the order in which it lies in the file: only ever add. */
public enum Series {
  /** Requests answered 202. */
  ACCEPTED(Merge.SUM),
  /** Requests refused for their signature. */
  WRONG_SIGNATURE(Merge.SUM),
  /** Requests refused for anything else that was wrong with them. */
  BAD_REQUEST(Merge.SUM),
  /** Requests refused since there was no room, or the log could not write. */
  UNAVAILABLE(Merge.SUM),
  /** The 99th percentile of the time to an answer 202, in microseconds. */
  APPEND_TIME(Merge.MOST),
  /** Attempts that ended, whatever their outcome. */
  ATTEMPTS(Merge.SUM),
  /** Attempts that failed. */
  FAILURES(Merge.SUM),
  /** Deliveries that wait for their first attempt, of all subscriptions. */
  LAG(Merge.LAST),
  /** Deliveries that are to run again. */
  DUE(Merge.LAST),
  /** Deliveries that were given up and are kept. */
  DEAD_LETTERS(Merge.LAST),
  /** Bytes of the log on disk. */
  ON_DISK(Merge.LAST),
  /** Bytes left where the log is. */
  FREE(Merge.LAST);

  private final Merge merge;

  Series(Merge merge) {
    this.merge = merge;
  }

  /** How values within one stretch of time become one. */
  private enum Merge {
    SUM,
    MOST,
    LAST
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

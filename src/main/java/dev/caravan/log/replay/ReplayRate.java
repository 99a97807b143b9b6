package dev.caravan.log.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Spreads deliveries over time, so many per second. For one thread at a time. */
final class ReplayRate {
  private final double step;
  private double kept;
  private double next;

  /**
   * @param lastDueAt when the last one is due; null before the first
   */
  ReplayRate(double perSecond, @Nullable Instant lastDueAt) {
    step = 1000.0 / perSecond;
    kept = lastDueAt == null ? 0 : lastDueAt.toEpochMilli() + step;
    next = kept;
  }

  /** Begins again behind what was kept: nothing became of what it has said since. */
  void again() {
    next = kept;
  }

  /** What it has said is written. */
  void keep() {
    kept = next;
  }

  /**
   * When the next one is due; never before now: time lost while searching is not made up for.
   *
   * @param now milliseconds since 1970, like the answer
   */
  long next(long now) {
    double at = Math.max(next, (double) now);
    next = at + step;
    return (long) at;
  }
}

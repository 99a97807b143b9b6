package dev.caravan.log.tables;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells passing time from a wrong clock. A clock that is ten days ahead, as in the first minutes of
 * a machine without a battery, would make retention delete everything.
 *
 * <p>A step of more than a day, from the newest delivery at a start or from one look to the next,
 * is not believed until an hour has passed in which deliveries came, or a day without. A timer that
 * nobody can set measures that. Not safe for use by several threads.
 */
public final class ClockTrust {
  static final Duration STEP = Duration.ofDays(1);
  static final Duration WITH_DELIVERIES = Duration.ofHours(1);
  static final Duration WITHOUT = Duration.ofDays(1);

  private final LongSupplier nanoTime;
  private long believed;
  private boolean doubted;
  private long doubtedSince;
  private long positionThen;

  /**
   * @param believed a time that is certainly past, in milliseconds since 1970
   * @param nanoTime a time that nobody can set, as {@link System#nanoTime}
   */
  public ClockTrust(long believed, LongSupplier nanoTime) {
    this.believed = believed;
    this.nanoTime = nanoTime;
  }

  /** What to think of a clock. */
  public enum Verdict {
    RIGHT,
    /** It has just become doubtful. */
    DOUBTED_NOW,
    /** It is still doubtful. */
    DOUBTED
  }

  /**
   * Looks at the clock.
   *
   * @param now what it says, in milliseconds since 1970
   * @param end the log's end; if it has moved, deliveries have come
   */
  public Verdict look(long now, long end) {
    if (now - believed <= STEP.toMillis()) {
      doubted = false;
    } else if (!doubted) {
      doubted = true;
      doubtedSince = nanoTime.getAsLong();
      positionThen = end;
      return Verdict.DOUBTED_NOW;
    } else if (hasWaited(end > positionThen ? WITH_DELIVERIES : WITHOUT)) {
      doubted = false;
    }
    if (doubted) {
      return Verdict.DOUBTED;
    }
    believed = now;
    return Verdict.RIGHT;
  }

  /** The last time that was believed, in milliseconds since 1970. */
  public long believed() {
    return believed;
  }

  private boolean hasWaited(Duration time) {
    return nanoTime.getAsLong() - doubtedSince >= time.toNanos();
  }
}

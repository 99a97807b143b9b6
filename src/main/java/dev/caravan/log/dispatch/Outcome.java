package dev.caravan.log.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of an attempt, to be written down.
 *
 * @param isDue whether it ran apart from the cursor, as a retry or a replay
 * @param number of the attempt, from 1; 0 when a newer delivery ran instead
 * @param startedAt milliseconds since 1970
 * @param took milliseconds
 * @param error the error's sentence, or null for success
 */
public record Outcome(
    long position,
    boolean isDue,
    int number,
    long startedAt,
    long took,
    @Nullable String error,
    Next next,
    long dueAt) {

  /** A {@code dueAt} that has always come, even if the clock is set back meanwhile. */
  public static final long AT_ONCE = 0;

  /**
   * Begins the error of an attempt that was stopped from outside. In stored logs: never change it.
   */
  public static final String CUT_OFF = "cut off, ";

  /** What happens to the delivery now. */
  public enum Next {
    /** It is completed. */
    DONE,
    /** There was nothing to do this time; there may be at a redelivery. */
    NOT_WANTED,
    /** Again at {@code dueAt}, milliseconds since 1970. */
    RETRY,
    /** GitHub redelivered it while it ran: it starts over with its first attempt, at once. */
    AGAIN,
    /** It was stopped from outside: the same attempt again, at once. */
    CUT_OFF,
    /** Not again by itself. */
    DEAD_LETTER,
    /** It became a dead letter when its body was deleted, before this could begin. */
    EXPIRED_BEFORE
  }

  /** Completed without an attempt. */
  public static Outcome superseded(long position, boolean isDue, long startedAt, long took) {
    return new Outcome(position, isDue, 0, startedAt, took, null, Next.DONE, AT_ONCE);
  }

  /** Whether a newer delivery ran instead. */
  public boolean isSuperseded() {
    return next == Next.DONE && number == 0;
  }

  /** Whether the handler has run it successfully. */
  public boolean isRunToItsEnd() {
    return next == Next.DONE && number > 0;
  }

  /** This outcome, for a delivery that GitHub has sent again meanwhile. */
  public Outcome again() {
    return new Outcome(position, isDue, number, startedAt, took, error, Next.AGAIN, AT_ONCE);
  }

  /** This outcome, for a delivery that has become due meanwhile. */
  public Outcome due() {
    return new Outcome(position, true, number, startedAt, took, error, next, dueAt);
  }

  /**
   * Whether the attempt failed by itself: one that was cut off tells nothing of the destination.
   */
  public boolean isFailure() {
    return error != null && next != Next.CUT_OFF && next != Next.EXPIRED_BEFORE;
  }

  /** Whether another attempt follows by itself. */
  public boolean isTriedAgain() {
    return next == Next.RETRY || next == Next.AGAIN || next == Next.CUT_OFF;
  }

  /** How many attempts counted before this one. */
  public int attempts() {
    return number - 1;
  }

  /** How many attempts count when it is tried again. */
  public int attemptsBefore() {
    return switch (next) {
      case AGAIN -> 0;
      case CUT_OFF -> number - 1;
      default -> number;
    };
  }
}

package dev.caravan.log.dispatch;

import java.util.random.RandomGenerator;

/**
 * Everything that a running subscription knows about time, the processor and chance, so that a test
 * can control them.
 */
public interface Timing {
  /** The time of day, in milliseconds since 1970; it may jump, and be set back. */
  long millis();

  /** A time that only moves forward, as {@link System#nanoTime}. */
  long nanos();

  /** Runs something after that many milliseconds. */
  void later(long millis, Runnable work);

  /** The processor time that this thread has used, in nanoseconds. */
  long threadNanos();

  /** Whether the processors of this machine have hardly been idle since this was last asked. */
  boolean isProcessorBusy();

  /** Where chance comes from. */
  RandomGenerator random();
}

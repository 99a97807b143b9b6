package dev.caravan.log.dispatch;

import java.util.random.RandomGenerator;

/**
 * All that a running subscription knows about time, the processor and chance; a test controls them.
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

  /** How long Java's compilers have worked since the program began, in nanoseconds. */
  long compilingNanos();

  /**
   * Whether the processors of this machine, or those that this program may use, have been hardly
   * idle since the last call.
   */
  boolean isProcessorBusy();

  /** A source of random numbers. */
  RandomGenerator random();
}

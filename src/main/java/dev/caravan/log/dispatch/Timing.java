package dev.caravan.log.dispatch;

import java.util.random.RandomGenerator;

/** All that a running subscription knows of time and of chance, so that a test can own both. */
public interface Timing {
  /** The time of day, in milliseconds since 1970; it may jump, and be set back. */
  long millis();

  /** A time that only goes on, as {@link System#nanoTime}. */
  long nanos();

  /** Runs something after so many milliseconds. */
  void later(long millis, Runnable work);

  /** Where chance comes from. */
  RandomGenerator random();
}

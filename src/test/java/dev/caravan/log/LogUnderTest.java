package dev.caravan.log;

import java.time.Duration;
import java.time.Instant;

/**
 * A log as the tests of every engine use it: opened when it is made, in a place of its own, with a
 * clock that only moves on when it is told to.
 */
public interface LogUnderTest extends AutoCloseable {
  /** The log that is open now; another one after {@link #restart} and {@link #crash}. */
  LogEngine log();

  /** Closes the log and opens it again, as a restart of the program does. */
  void restart();

  /**
   * Ends the log as a crash does, at a moment when nothing was flushed that it has not said, and
   * opens what is on disk.
   *
   * @param died run at that moment; whatever the old log does after that has never happened
   */
  void crash(Runnable died);

  /** The time by the clock that the age of deliveries is measured with. */
  Instant now();

  /** Moves that clock on. */
  void pass(Duration time);

  /** Removes what is too old at this moment. */
  void sweep();

  /** Brings the search index up to the end now. */
  void index();

  /**
   * How long a log is to keep bodies unless a test says otherwise; GUIDs it keeps for as long as
   * any log does, 8 days.
   */
  Duration BODIES_KEPT = Duration.ofHours(12);

  @Override
  void close();
}

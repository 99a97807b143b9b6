package dev.caravan.log.postgres.database;

import dev.caravan.log.dispatch.SystemTiming;
import dev.caravan.log.dispatch.Timing;
import java.util.random.RandomGenerator;

/**
 * The database's time, as far as this machine knows it: its last answer, plus the time since. So a
 * retry is due at the same moment on all nodes, whatever their clocks say.
 */
public final class DatabaseTiming implements Timing, AutoCloseable {
  private static final long NANOS_IN_A_MILLI = 1_000_000;

  /** A smaller difference is due to the network. */
  private static final long WORTH_A_CHANGE_MILLIS = 20;

  private final SystemTiming system = new SystemTiming();
  private volatile Known known = new Known(System.currentTimeMillis(), System.nanoTime(), false);

  private record Known(long millis, long at, boolean isOfTheDatabase) {
    long now(long nanos) {
      return millis + (nanos - at) / NANOS_IN_A_MILLI;
    }
  }

  /**
   * The database has told its time, in milliseconds since 1970.
   *
   * @param asked when it was asked, in nanoTime
   */
  public void now(long millis, long asked) {
    long heard = System.nanoTime();
    Known news = new Known(millis, asked + (heard - asked) / 2, true);
    if (!known.isOfTheDatabase()
        || Math.abs(news.now(heard) - known.now(heard)) > WORTH_A_CHANGE_MILLIS) {
      known = news;
    }
  }

  @Override
  public long millis() {
    return known.now(System.nanoTime());
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void later(long millis, Runnable work) {
    system.later(millis, work);
  }

  @Override
  public long threadNanos() {
    return system.threadNanos();
  }

  @Override
  public long compilingNanos() {
    return system.compilingNanos();
  }

  @Override
  public boolean isProcessorBusy() {
    return system.isProcessorBusy();
  }

  @Override
  public RandomGenerator random() {
    return system.random();
  }

  @Override
  public void close() {
    system.close();
  }
}

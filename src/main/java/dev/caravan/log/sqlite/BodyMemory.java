package dev.caravan.log.sqlite;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory of large bodies that routes work on at once: whoever comes when it is spent
 * waits. Small bodies pass freely; there are at most as many as attempts at once.
 */
final class BodyMemory {
  private static final long LONGEST_WAIT_SECONDS = 60;
  private static final int UNIT = 1024;
  private static final int SMALL = 256 * UNIT;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes for all large bodies together; a larger one takes all of it alone
   */
  BodyMemory(long bytes) {
    this.units = Math.max(1, (int) Math.min(bytes / UNIT, Integer.MAX_VALUE));
    this.free = new Semaphore(units, true);
  }

  /**
   * Takes memory for a body, waiting for a while when it is spent.
   *
   * @return false when there was none in that time: a route that never lets go of its own must not
   *     hold up the others for ever
   */
  boolean take(int length) throws InterruptedException {
    int wanted = unitsOf(length);
    // A fair semaphore would let even nothing wait behind a large body that waits.
    return wanted == 0 || free.tryAcquire(wanted, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
  }

  void giveBack(int length) {
    free.release(unitsOf(length));
  }

  private int unitsOf(int length) {
    return length <= SMALL ? 0 : Math.min(units, length / UNIT);
  }
}

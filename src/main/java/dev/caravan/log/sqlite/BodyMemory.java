package dev.caravan.log.sqlite;

import java.util.concurrent.Semaphore;

/**
 * Bounds the memory of large bodies that routes work on at once: whoever comes when it is spent
 * waits. Small bodies pass freely; there are at most as many as attempts at once.
 */
final class BodyMemory {
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

  void take(int length) throws InterruptedException {
    free.acquire(unitsOf(length));
  }

  void giveBack(int length) {
    free.release(unitsOf(length));
  }

  private int unitsOf(int length) {
    return length <= SMALL ? 0 : Math.min(units, length / UNIT);
  }
}

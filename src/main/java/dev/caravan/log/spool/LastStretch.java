package dev.caravan.log.spool;

import java.util.concurrent.TimeUnit;

/**
 * Whether what is left in a spool is so little, and goes so well, that whatever comes now can wait
 * until it is over: where something always comes, it would never be over otherwise. One thread
 * looks; any may ask.
 */
final class LastStretch {
  private static final int MOST_LEFT = 250;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile boolean isOn;
  private long since;
  private long appendedBefore;

  boolean isOn() {
    return isOn;
  }

  /**
   * Decides anew.
   *
   * @param left how many are to be appended
   * @param appended how many were appended in all
   */
  void look(long left, long appended) {
    if (isOn) {
      isOn = System.nanoTime() - since < LONGEST_NANOS;
    } else if (left <= MOST_LEFT && appended > appendedBefore) {
      isOn = true;
      since = System.nanoTime();
    }
    appendedBefore = appended;
  }

  void isOver() {
    isOn = false;
  }
}

package dev.caravan.log.postgres.append;

import java.util.List;

/**
 * A delivery that GitHub has sent again, to be counted, and to run where it was not completed.
 *
 * @param repeats one for each time that it came; all from the spool, or none
 * @param position that of the first
 * @param times how often to count it
 * @param ofSeveral whether the GUID has deliveries of several hooks
 */
record Revival(List<Append> repeats, long position, int times, boolean ofSeveral) {
  Append first() {
    return repeats.get(0);
  }

  /** Whether nobody waits for it any longer. */
  boolean isOver() {
    return repeats.stream().allMatch(Append::isOver);
  }
}

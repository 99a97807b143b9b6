package dev.caravan.log.dispatch;

import java.util.List;

/**
 * What is stored of a cursor: everything before {@code next} is finished, except for the positions
 * listed.
 *
 * @param next where to read on
 * @param unfinished what was read before that and is not finished, in order
 */
public record StoredCursor(long next, List<Long> unfinished) {
  /** Whether the cursor has this delivery still to run, if it is wanted. */
  public boolean isAhead(long position) {
    return position >= next || unfinished.contains(position);
  }
}

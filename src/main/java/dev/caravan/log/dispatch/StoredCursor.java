package dev.caravan.log.dispatch;

import java.util.List;

/**
 * A cursor as it is stored: everything before {@code next} is finished, except for the positions
 * listed.
 *
 * @param next where to read on
 * @param unfinished the positions before that which are not finished, in order
 */
public record StoredCursor(long next, List<Long> unfinished) {
  /** Whether the cursor has yet to run this delivery, if it is wanted. */
  public boolean isAhead(long position) {
    return position >= next || unfinished.contains(position);
  }
}

package dev.caravan.log.replay;

import java.util.List;

/**
 * A delivery that a replay asks for.
 *
 * @param targets the subscriptions that get it; empty when none of the replay's wants it
 * @param isKept whether its body is kept; true if nobody wants it
 */
record ReplayMatch(long position, List<ReplayTarget> targets, boolean isKept) {
  /** Whether there is anything to schedule. */
  boolean isToRun() {
    return isKept && !targets.isEmpty();
  }
}

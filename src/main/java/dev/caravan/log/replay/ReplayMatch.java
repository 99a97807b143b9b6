package dev.caravan.log.replay;

import java.util.List;

/**
 * A delivery that a replay asks for.
 *
 * @param targets those that get it; empty when none of those asked wants it, or it cannot run
 * @param isKept whether its body is there, if somebody wants it
 */
record ReplayMatch(long position, List<ReplayTarget> targets, boolean isKept) {
  /** Whether there is anything to schedule. */
  boolean isToRun() {
    return isKept && !targets.isEmpty();
  }
}

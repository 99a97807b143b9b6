package dev.caravan.log.replay;

import java.util.List;

/**
 * A delivery that a replay asks for.
 *
 * @param targets those that are to get it; empty when nobody asked wants it, or it cannot run
 * @param isKept whether its body is there, where somebody wants it
 */
record ReplayMatch(long position, List<ReplayTarget> targets, boolean isKept) {
  /** Whether there is anything to schedule. */
  boolean isToRun() {
    return isKept && !targets.isEmpty();
  }
}

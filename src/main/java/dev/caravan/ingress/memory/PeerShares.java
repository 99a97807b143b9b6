package dev.caravan.ingress.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * How many bodies of each peer are arriving, and how many bytes they hold together.
 *
 * <p>Not safe for use by several threads.
 */
final class PeerShares {
  private final Map<Object, Integer> bodies = new HashMap<>();
  private final Map<Object, Long> held = new HashMap<>();

  /** A body begins to arrive. */
  void begins(BodyShare share) {
    bodies.merge(share.peer, 1, Integer::sum);
  }

  /** A body has arrived, or never will. */
  void ends(BodyShare share) {
    bodies.computeIfPresent(share.peer, (peer, count) -> count == 1 ? null : count - 1);
  }

  /** A body holds this many bytes more, or less. */
  void hold(BodyShare share, long bytes) {
    share.held += bytes;
    held.merge(share.peer, bytes, (before, more) -> before + more == 0 ? null : before + more);
  }

  /** How many bodies of its peer are arriving; 1 when none is. */
  int bodies(BodyShare share) {
    return bodies.getOrDefault(share.peer, 1);
  }

  /** How many bytes the bodies of its peer hold. */
  long held(BodyShare share) {
    return held.getOrDefault(share.peer, 0L);
  }
}

package dev.caravan.metrics;

import dev.caravan.log.figures.DeadLetteredCount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The kinds of errors of each subscription that are counted separately, over all runs of the
 * program: the first ones keep their names, so that no count ever goes back. Not safe for use by
 * several threads.
 */
final class KnownKinds {
  private final Map<String, Set<String>> known = new HashMap<>();

  /** A kind that is already counted separately, however many there are. */
  void add(String subscription, String error) {
    of(subscription).add(error);
  }

  /** What it counts as. */
  String name(String subscription, String error) {
    Set<String> kinds = of(subscription);
    if (!kinds.contains(error) && kinds.size() >= DeadLetteredCount.MOST_KINDS) {
      return DeadLetteredCount.OTHER;
    }
    kinds.add(error);
    return error;
  }

  private Set<String> of(String subscription) {
    return known.computeIfAbsent(subscription, any -> new HashSet<>());
  }
}

package dev.caravan.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a subscription has done, as its destination saw it. Safe for use by many threads. */
final class Arrivals {
  private final Map<String, Integer> successes = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<Integer, List<Integer>> firstAttempts = new HashMap<>();
  private final Map<Integer, List<Integer>> firstSuccesses = new HashMap<>();
  private final Set<Integer> lanesInWork = new HashSet<>();
  private final Set<Integer> overlapping = new TreeSet<>();
  private int attempts;
  private int again;

  synchronized void began(String guid) {
    attempts++;
    int lane = SignedPush.laneOf(guid);
    if (seen.add(guid)) {
      list(firstAttempts, lane).add(SignedPush.numberOf(guid));
    }
    if (!lanesInWork.add(lane)) {
      overlapping.add(lane);
    }
  }

  synchronized void ended(String guid, boolean failed) {
    int lane = SignedPush.laneOf(guid);
    lanesInWork.remove(lane);
    if (failed) {
      return;
    }
    if (successes.merge(guid, 1, Integer::sum) == 1) {
      list(firstSuccesses, lane).add(SignedPush.numberOf(guid));
    } else {
      again++;
    }
  }

  synchronized void senderDied() {
    lanesInWork.clear();
  }

  /** How many attempts there were. */
  synchronized int attempts() {
    return attempts;
  }

  /** How many deliveries were completed. */
  synchronized int completed() {
    return successes.size();
  }

  synchronized boolean hasCompleted(String guid) {
    return successes.containsKey(guid);
  }

  /** How often a delivery was completed that had been before. */
  synchronized int completedAgain() {
    return again;
  }

  /** Lanes of which two were in work at once. */
  synchronized Set<Integer> overlappingLanes() {
    return Set.copyOf(overlapping);
  }

  /** Of each lane, the numbers in the order of their first attempts. */
  synchronized Map<Integer, List<Integer>> firstAttempts() {
    return copy(firstAttempts);
  }

  /** Of each lane, the numbers in the order of their first successes. */
  synchronized Map<Integer, List<Integer>> firstSuccesses() {
    return copy(firstSuccesses);
  }

  private static List<Integer> list(Map<Integer, List<Integer>> lists, int lane) {
    return lists.computeIfAbsent(lane, key -> new ArrayList<>());
  }

  private static Map<Integer, List<Integer>> copy(Map<Integer, List<Integer>> lists) {
    Map<Integer, List<Integer>> copy = new HashMap<>();
    lists.forEach((lane, numbers) -> copy.put(lane, List.copyOf(numbers)));
    return copy;
  }
}

package dev.caravan.cli;

import dev.caravan.wording.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the answers to many deliveries. Filled by several threads; keeps one answer for each
 * status.
 */
final class AnswerTally {
  private final Map<Integer, Integer> counts = new TreeMap<>();
  private final Map<Integer, HookResponse> firsts = new TreeMap<>();
  private Duration slowest = Duration.ZERO;
  private Duration total = Duration.ZERO;

  synchronized void add(HookResponse answer) {
    counts.merge(answer.status(), 1, Integer::sum);
    firsts.putIfAbsent(answer.status(), answer);
    slowest = slowest.compareTo(answer.time()) < 0 ? answer.time() : slowest;
  }

  synchronized void end(Duration time) {
    total = time;
  }

  /** Whether a delivery got no answer at all. */
  synchronized boolean isCutOff() {
    return counts.containsKey(0);
  }

  /** The first answer of each status, to explain each once. */
  synchronized List<HookResponse> kinds() {
    return List.copyOf(firsts.values());
  }

  /** The totals, then a line for each status. */
  synchronized List<String> lines() {
    int sent = counts.values().stream().mapToInt(Integer::intValue).sum();
    double seconds = total.toNanos() / 1e9;
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s in %.1f s, %.0f requests/s, slowest %d ms",
            Count.of(sent, "delivery"),
            seconds,
            sent / seconds,
            slowest.toMillis()));
    firsts.forEach(
        (status, first) -> lines.add("  " + counts.get(status) + " x " + first.summary()));
    return lines;
  }
}

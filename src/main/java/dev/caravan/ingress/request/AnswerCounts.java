package dev.caravan.ingress.request;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how requests were answered: accepted, or refused for each reason. Requests whose client
 * left before the answer are in neither. Safe for use by many threads.
 */
public final class AnswerCounts {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final Map<RefusalReason, LongAdder> refused = new EnumMap<>(RefusalReason.class);

  private final long gitHubWaits;

  /**
   * @param gitHubWaits how long GitHub waits for an answer
   */
  public AnswerCounts(Duration gitHubWaits) {
    this.gitHubWaits = gitHubWaits.toNanos();
    for (RefusalReason reason : RefusalReason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /**
   * Counts an answer.
   *
   * @param startedAt when its request began, by {@link System#nanoTime}
   */
  public void count(Answer answer, long startedAt) {
    RefusalReason reason = answer.reason();
    (reason == null ? accepted : refused.get(reason)).increment();
    if (System.nanoTime() - startedAt > gitHubWaits) {
      late.increment();
    }
  }

  /** How many answers of any kind there were for which GitHub did not wait. */
  public long late() {
    return late.sum();
  }

  public long accepted() {
    return accepted.sum();
  }

  /** How many were refused, for every reason there is. */
  public Map<RefusalReason, Long> refused() {
    Map<RefusalReason, Long> counts = new EnumMap<>(RefusalReason.class);
    refused.forEach((reason, count) -> counts.put(reason, count.sum()));
    return counts;
  }
}

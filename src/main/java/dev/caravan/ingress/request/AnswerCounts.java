package dev.caravan.ingress.request;

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

  public AnswerCounts() {
    for (RefusalReason reason : RefusalReason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  public void count(Answer answer) {
    RefusalReason reason = answer.reason();
    (reason == null ? accepted : refused.get(reason)).increment();
  }

  /** Counts an answer of any kind for which GitHub did not wait. */
  public void countLate() {
    late.increment();
  }

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

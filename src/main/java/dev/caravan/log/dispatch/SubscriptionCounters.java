package dev.caravan.log.dispatch;

import dev.caravan.log.Distribution;
import dev.caravan.log.Histogram;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one subscription's attempts. */
public final class SubscriptionCounters {
  private static final double MILLIS = 1e3;

  private final Histogram attempts =
      new Histogram(
          MILLIS,
          List.of(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0));
  private final LongAdder failures = new LongAdder();
  private final LongAdder deadLettered = new LongAdder();

  /** How long attempts took, in milliseconds. */
  public Distribution attempts() {
    return attempts.read();
  }

  /** How many attempts have failed. */
  public long failures() {
    return failures.sum();
  }

  /** How many deliveries became dead letters. */
  public long deadLettered() {
    return deadLettered.sum();
  }

  /** So many became dead letters without an attempt. */
  public void deadLettered(int count) {
    deadLettered.add(count);
  }

  void ended(Outcome outcome) {
    if (outcome.next() == Outcome.Next.NOT_WANTED || outcome.isSuperseded()) {
      return;
    }
    attempts.record(outcome.took());
    if (outcome.isFailure()) {
      failures.increment();
    }
  }

  /** An outcome is on disk; until then a redelivery may undo a dead letter. */
  void written(Outcome outcome) {
    if (outcome.next() == Outcome.Next.DEAD_LETTER) {
      deadLettered.increment();
    }
  }
}

package dev.caravan.log.sqlite;

import dev.caravan.log.Histogram;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one subscription's attempts. */
final class SubscriptionCounters {
  private static final double MILLIS = 1e3;

  final Histogram attempts =
      new Histogram(
          MILLIS,
          List.of(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0));
  final LongAdder failures = new LongAdder();
  final LongAdder deadLettered = new LongAdder();

  void ended(Outcome outcome) {
    if (outcome.next() == Outcome.Next.NOT_WANTED) {
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

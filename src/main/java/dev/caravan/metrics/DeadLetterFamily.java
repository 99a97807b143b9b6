package dev.caravan.metrics;

import dev.caravan.log.figures.DeadLetteredCount;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.List;

/** Dead letters, counted by subscription and kind of error. */
final class DeadLetterFamily {
  private DeadLetterFamily() {}

  static CounterSnapshot counters(String name, String help, List<DeadLetteredCount> counts) {
    return new CounterSnapshot(
        new MetricMetadata(name, help),
        counts.stream()
            .map(
                each ->
                    new CounterDataPointSnapshot(
                        (double) each.count(),
                        Labels.of("subscription", each.subscription(), "error", each.error()),
                        null,
                        0))
            .toList());
  }
}

package dev.caravan.metrics;

import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.RefusalReason;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What requests were answered, and when each hook was last heard of. */
final class IngressMetrics implements MultiCollector {
  private final Ingress ingress;

  IngressMetrics(Ingress ingress) {
    this.ingress = ingress;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Map.Entry<RefusalReason, Long>> reasons =
        new Family<>(
            "reason",
            ingress.refused().entrySet(),
            entry -> entry.getKey().name().toLowerCase(Locale.ROOT));
    Family<Map.Entry<String, Instant>> hooks =
        new Family<>("hook", ingress.lastEvents().entrySet(), Map.Entry::getKey);
    return MetricSnapshots.of(
        Family.counter("caravan_accepted", "Requests answered 202.", ingress.accepted()),
        reasons.counters(
            "caravan_refused",
            "Requests that were refused, by reason.",
            entry -> entry.getValue().doubleValue()),
        Family.counter(
            "caravan_late_answers",
            "Answers given after more than 10 seconds, when GitHub had gone.",
            ingress.lateAnswers()),
        Family.gauge(
            "caravan_connections",
            "Open connections on the receiving port.",
            ingress.connections()),
        Family.counter(
            "caravan_connections_ended",
            "Connections that were ended to make room for another.",
            ingress.connectionsEnded()),
        hooks.gauges(
            "caravan_hook_last_event_timestamp_seconds",
            "When a hook last sent a delivery that was accepted, since the start."
                + " Those beyond the first 4096 are one, others.",
            entry -> entry.getValue().toEpochMilli() / 1000.0));
  }
}

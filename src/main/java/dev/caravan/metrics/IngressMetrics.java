package dev.caravan.metrics;

import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.request.RefusalReason;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.Map;

/** How requests were answered. */
final class IngressMetrics implements MultiCollector {
  private final Ingress ingress;
  private final LossCounts losses;

  IngressMetrics(Ingress ingress, LossCounts losses) {
    this.ingress = ingress;
    this.losses = losses;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Map.Entry<RefusalReason, Long>> reasons =
        new Family<>(
            "reason",
            losses.refused().entrySet(),
            entry -> entry.getKey().name().toLowerCase(Locale.ROOT));
    return MetricSnapshots.of(
        Family.counter(
            "caravan_accepted",
            "Requests answered 202, including those before the start.",
            losses.accepted()),
        reasons.counters(
            "caravan_refused",
            "Requests that were refused, by reason, including those before the start.",
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
            "Connections that were closed to make room for another.",
            ingress.connectionsEnded()));
  }
}

package dev.caravan.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** When the certificates expire. */
final class CertificateMetrics implements MultiCollector {
  private final Supplier<Map<String, Instant>> ends;

  CertificateMetrics(Supplier<Map<String, Instant>> ends) {
    this.ends = ends;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Map.Entry<String, Instant>> certificates =
        new Family<>("port", ends.get().entrySet(), Map.Entry::getKey);
    return MetricSnapshots.of(
        certificates.gauges(
            "caravan_certificate_end_timestamp_seconds",
            "When the certificate of a port expires; nothing without TLS.",
            entry -> entry.getValue().getEpochSecond()));
  }
}

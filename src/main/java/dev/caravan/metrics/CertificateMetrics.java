package dev.caravan.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the certificates expire. */
final class CertificateMetrics implements MultiCollector {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.metrics");

  private final Supplier<Map<String, Instant>> ends;

  CertificateMetrics(Supplier<Map<String, Instant>> ends) {
    this.ends = ends;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Map.Entry<String, Instant>> certificates =
        new Family<>("port", read().entrySet(), Map.Entry::getKey);
    return MetricSnapshots.of(
        certificates.gauges(
            "caravan_certificate_end_timestamp_seconds",
            "When the certificate of a port expires; nothing without TLS.",
            entry -> entry.getValue().getEpochSecond()));
  }

  private Map<String, Instant> read() {
    try {
      return ends.get();
    } catch (IllegalStateException e) {
      LOG.debug("No certificate can be read", e); // the thread that watches the files says so
      return Map.of();
    }
  }
}

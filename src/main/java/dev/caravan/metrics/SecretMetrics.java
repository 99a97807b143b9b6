package dev.caravan.metrics;

import dev.caravan.secrets.LiveSecrets;
import dev.caravan.secrets.SecretStatus;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How much each secret is used. */
final class SecretMetrics implements MultiCollector {
  private final LiveSecrets secrets;

  SecretMetrics(LiveSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public MetricSnapshots collect() {
    Family<SecretStatus> all = new Family<>("secret", secrets.status(), SecretStatus::label);
    return MetricSnapshots.of(
        all.counters(
            "caravan_secret_verified",
            "Deliveries that a secret has verified, including those before the start.",
            SecretStatus::verified),
        all.gauges(
            "caravan_secret_last_used_timestamp_seconds",
            "When a secret last verified a delivery; 0 for never.",
            secret -> seconds(secret.lastUsed())));
  }

  private static double seconds(@Nullable Instant time) {
    return time == null ? 0 : time.toEpochMilli() / 1000.0;
  }
}

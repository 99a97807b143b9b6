package dev.caravan.metrics;

import dev.caravan.hooks.HookActivity;
import dev.caravan.hooks.HookActivity.Owner;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Map;

/** When each hook last sent something, and whose hooks are silent. */
final class HookMetrics implements MultiCollector {
  private final HookActivity hooks;

  HookMetrics(HookActivity hooks) {
    this.hooks = hooks;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Map.Entry<String, Instant>> last =
        new Family<>("hook", hooks.last().entrySet(), Map.Entry::getKey);
    Family<Owner> owners = new Family<>("owner", hooks.owners(), Owner::name);
    return MetricSnapshots.of(
        last.gauges(
            "caravan_hook_last_event_timestamp_seconds",
            "When a hook last sent a delivery that was accepted."
                + " Those beyond the first 4096 are counted as one, others.",
            entry -> entry.getValue().toEpochMilli() / 1000.0),
        owners.gauges(
            "caravan_owner_hooks",
            "The hooks of an organisation or user that are known from their deliveries.",
            Owner::hooks),
        owners.gauges(
            "caravan_owner_hooks_silent",
            "Known hooks that have sent nothing for a day, and for three times their longest"
                + " pause.",
            Owner::silent));
  }
}

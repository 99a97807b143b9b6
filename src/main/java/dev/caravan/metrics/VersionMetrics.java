package dev.caravan.metrics;

import dev.caravan.config.Versions;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** Which version runs. */
final class VersionMetrics implements MultiCollector {
  private final Versions versions;

  VersionMetrics(Versions versions) {
    this.versions = versions;
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        new InfoSnapshot(
            new MetricMetadata("caravan_build", "The versions that run."),
            List.of(
                new InfoDataPointSnapshot(
                    Labels.of(
                        "version",
                        versions.caravan(),
                        "camel",
                        versions.camel(),
                        "java",
                        versions.java())))));
  }
}

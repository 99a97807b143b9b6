package dev.caravan.metrics;

import dev.caravan.github.api.RateLimits;
import dev.caravan.github.api.RateLimits.Limit;
import dev.caravan.github.recovery.RecoveryFindings;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How much GitHub lets this program ask, and what it had that was missing here. */
final class GitHubMetrics implements MultiCollector {
  private final RateLimits limits;
  private final RecoveryFindings recovery;

  GitHubMetrics(RateLimits limits, RecoveryFindings recovery) {
    this.limits = limits;
    this.recovery = recovery;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Limit> all = new Family<>("resource", limits.all(), Limit::resource);
    List<MetricSnapshot> snapshots = new ArrayList<>();
    snapshots.add(
        all.gauges(
            "caravan_github_rate_limit",
            "Requests that GitHub allows in an hour, according to its newest answer.",
            Limit::limit));
    snapshots.add(
        all.gauges(
            "caravan_github_rate_limit_remaining",
            "Requests to GitHub that are left until the reset; nothing before GitHub was first asked.",
            Limit::remaining));
    snapshots.add(
        all.gauges(
            "caravan_github_rate_limit_reset_timestamp_seconds",
            "When all requests to GitHub are available again.",
            limit -> limit.reset().getEpochSecond()));
    snapshots.add(
        Family.counter(
            "caravan_recover_asked",
            "Deliveries that the program itself has asked GitHub to send again.",
            recovery.asked()));
    snapshots.add(
        Family.counter(
            "caravan_recover_arrived",
            "Deliveries that have arrived after the program asked GitHub for them.",
            recovery.arrived()));
    snapshots.add(
        Family.gauge(
            "caravan_recover_missing",
            "Deliveries that GitHub has and that were missing here when the program last looked,"
                + " without those that have arrived since.",
            recovery.missing(Instant.now())));
    Instant last = recovery.last();
    if (last != null) {
      snapshots.add(
          Family.gauge(
              "caravan_recover_last_timestamp_seconds",
              "When the program last compared what GitHub has with what is here.",
              last.getEpochSecond()));
    }
    return new MetricSnapshots(snapshots);
  }
}

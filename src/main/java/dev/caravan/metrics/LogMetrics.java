package dev.caravan.metrics;

import dev.caravan.log.LogFigures;
import dev.caravan.log.Spool;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The state of the delivery log. */
final class LogMetrics implements MultiCollector {
  private record Repeats(String payload, long count) {}

  private static final double MILLIS = 1000;

  private final LogFigures log;

  LogMetrics(LogFigures log) {
    this.log = log;
  }

  @Override
  public MetricSnapshots collect() {
    Family<Repeats> repeats =
        new Family<>(
            "payload",
            List.of(new Repeats("same", log.repeats()), new Repeats("different", log.differing())),
            Repeats::payload);
    List<MetricSnapshot> snapshots = new ArrayList<>(figures(repeats));
    long bytesFree = log.bytesFree();
    if (bytesFree != LogFigures.UNKNOWN) {
      snapshots.add(
          Family.gauge("caravan_disk_free_bytes", "Free bytes on the log's disk.", bytesFree));
    }
    Duration shipped = log.shippedAge();
    if (shipped != null) {
      snapshots.add(
          Family.fraction(
              "caravan_log_shipped_age_seconds",
              "How old the copy shipped by caravan.log.ship is: what a lost disk would cost. +Inf before the first is complete.",
              shipped.equals(ChronoUnit.FOREVER.getDuration())
                  ? Double.POSITIVE_INFINITY
                  : shipped.toMillis() / MILLIS));
    }
    Spool.Waiting spool = log.spool();
    if (spool != null) {
      snapshots.add(
          Family.gauge(
              "caravan_spool_deliveries",
              "Deliveries on this machine's disk that are not in the shared log yet.",
              spool.deliveries()));
      snapshots.add(
          Family.fraction(
              "caravan_spool_oldest_seconds",
              "The age of the oldest delivery on this machine's disk that is not in the shared log yet.",
              spool.oldestSeconds()));
      snapshots.add(
          Family.gauge(
              "caravan_spool_refused",
              "Deliveries left on this machine's disk that the shared log has refused for good.",
              log.spoolRefused()));
    }
    return new MetricSnapshots(snapshots);
  }

  private List<MetricSnapshot> figures(Family<Repeats> repeats) {
    return List.of(
        repeats.counters(
            "caravan_repeats", "Deliveries whose GUID had arrived before.", Repeats::count),
        Family.counter(
            "caravan_copies",
            "Deliveries whose payload had arrived before under another GUID, with caravan.dedupe=content.",
            log.copies()),
        Family.histogram(
            "caravan_append_seconds",
            "From the delivery's arrival in the log until it is on disk.",
            log.appendTime()),
        Family.histogram(
            "caravan_flush_deliveries", "Deliveries flushed to disk together.", log.flushed()),
        Family.counter(
            "caravan_flush_failures",
            "Flushes that failed; all deliveries in them were answered 503.",
            log.failedFlushes()),
        Family.counter(
            "caravan_slow_writes",
            "Writes that took over 3 s; deliveries were turned away meanwhile.",
            log.slowWrites()),
        Family.gauge("caravan_nodes", "Processes that use the log together.", log.nodes()),
        Family.gauge(
            "caravan_nodes_differing",
            "Nodes whose routes, secrets or common settings have differed from this one's for five minutes.",
            log.differingNodes()),
        Family.gauge(
            "caravan_log_damaged",
            "1 once the log was found to be damaged, else 0.",
            log.isDamaged() ? 1 : 0),
        Family.gauge(
            "caravan_log_writable",
            "1 while deliveries can be accepted, else 0.",
            log.isWritable() ? 1 : 0),
        Family.gauge(
            "caravan_log_size_bytes", "Bytes of the log's files on disk.", log.bytesOnDisk()),
        Family.gauge(
            "caravan_log_retention_bytes", "The setting caravan.retention.size.", log.bytesKept()));
  }
}

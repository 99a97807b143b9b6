package dev.caravan.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The metrics as OpenTelemetry sends them, where it is on and {@code OTEL_METRICS_EXPORTER} is not
 * {@code none}: the same as in a scrape, but without {@code _total} in counters' names. Found and
 * loaded by OpenTelemetry itself, whose library comes with {@code lib/}.
 */
public final class OpenTelemetryMetrics implements AutoConfigurationCustomizerProvider {
  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.create("dev.caravan");

  /**
   * Of a count that continues across restarts; with another one, receivers would add all of it
   * again.
   */
  private static final long UNKNOWN_BEGINNING = 0;

  @Override
  public void customize(AutoConfigurationCustomizer openTelemetry) {
    openTelemetry.addMeterProviderCustomizer(
        (provider, settings) -> provider.registerMetricProducer(OpenTelemetryMetrics::now));
  }

  private static Collection<MetricData> now(Resource resource) {
    Metrics metrics = Metrics.ofProcess();
    if (metrics == null) {
      return List.of();
    }
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return metrics.snapshots().stream()
        .map(snapshot -> data(resource, snapshot, nanos))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Null for a kind that we do not have. */
  private static @Nullable MetricData data(Resource resource, MetricSnapshot snapshot, long now) {
    String name = snapshot.getMetadata().getName();
    String help = Objects.requireNonNullElse(snapshot.getMetadata().getHelp(), "");
    if (snapshot instanceof CounterSnapshot counter) {
      return ImmutableMetricData.createDoubleSum(
          resource,
          SCOPE,
          name,
          help,
          "",
          ImmutableSumData.create(
              true,
              AggregationTemporality.CUMULATIVE,
              points(
                  counter.getDataPoints(),
                  (point, labels) ->
                      ImmutableDoublePointData.create(
                          UNKNOWN_BEGINNING, now, labels, point.getValue()))));
    }
    if (snapshot instanceof GaugeSnapshot gauge) {
      return gauge(
          resource, name, help, gauge.getDataPoints(), GaugeDataPointSnapshot::getValue, now);
    }
    if (snapshot instanceof InfoSnapshot info) {
      return gauge(resource, name + "_info", help, info.getDataPoints(), point -> 1, now);
    }
    if (snapshot instanceof HistogramSnapshot histogram) {
      return ImmutableMetricData.createDoubleHistogram(
          resource,
          SCOPE,
          name,
          help,
          "",
          ImmutableHistogramData.create(
              AggregationTemporality.CUMULATIVE,
              points(
                  histogram.getDataPoints(), (point, labels) -> distribution(point, labels, now))));
    }
    if (snapshot instanceof SummarySnapshot summary) {
      return ImmutableMetricData.createDoubleSummary(
          resource,
          SCOPE,
          name,
          help,
          "",
          ImmutableSummaryData.create(
              points(
                  summary.getDataPoints(),
                  (point, labels) ->
                      ImmutableSummaryPointData.create(
                          UNKNOWN_BEGINNING,
                          now,
                          labels,
                          point.getCount(),
                          point.getSum(),
                          List.of()))));
    }
    return null;
  }

  private static <S extends DataPointSnapshot> MetricData gauge(
      Resource resource,
      String name,
      String help,
      List<S> points,
      ToDoubleFunction<S> value,
      long now) {
    return ImmutableMetricData.createDoubleGauge(
        resource,
        SCOPE,
        name,
        help,
        "",
        ImmutableGaugeData.create(
            points(
                points,
                (point, labels) ->
                    ImmutableDoublePointData.create(
                        UNKNOWN_BEGINNING, now, labels, value.applyAsDouble(point)))));
  }

  private static ImmutableHistogramPointData distribution(
      HistogramDataPointSnapshot point, Attributes labels, long now) {
    ClassicHistogramBuckets buckets = point.getClassicBuckets();
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      if (Double.isFinite(buckets.getUpperBound(bucket))) {
        bounds.add(buckets.getUpperBound(bucket));
      }
      counts.add(buckets.getCount(bucket));
    }
    return ImmutableHistogramPointData.create(
        UNKNOWN_BEGINNING, now, labels, point.getSum(), false, 0, false, 0, bounds, counts);
  }

  private static <S extends DataPointSnapshot, P> List<P> points(
      List<S> points, BiFunction<S, Attributes, P> point) {
    return points.stream().<P>map(each -> point.apply(each, attributes(each))).toList();
  }

  private static Attributes attributes(DataPointSnapshot point) {
    AttributesBuilder attributes = Attributes.builder();
    for (Label label : point.getLabels()) {
      attributes.put(label.getName(), label.getValue());
    }
    return attributes.build();
  }
}

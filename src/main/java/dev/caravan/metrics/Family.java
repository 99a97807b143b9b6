package dev.caravan.metrics;

import dev.caravan.log.figures.Distribution;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Metrics of one name: one value, or one for each of several things, distinguished by a label.
 *
 * @param label the label's name
 * @param things what there is one of for each
 * @param value gives the label's value of a thing
 */
record Family<T>(String label, Collection<T> things, Function<T, String> value) {

  static GaugeSnapshot gauge(String name, String help, long value) {
    return fraction(name, help, (double) value);
  }

  /** A gauge whose values are not whole numbers. */
  static GaugeSnapshot fraction(String name, String help, double value) {
    return new GaugeSnapshot(
        new MetricMetadata(name, help),
        List.of(new GaugeDataPointSnapshot(value, Labels.EMPTY, null)));
  }

  /** The name is without {@code _total}, which Prometheus adds. */
  static CounterSnapshot counter(String name, String help, long value) {
    return new CounterSnapshot(
        new MetricMetadata(name, help),
        List.of(new CounterDataPointSnapshot((double) value, Labels.EMPTY, null, 0)));
  }

  static HistogramSnapshot histogram(String name, String help, Distribution distribution) {
    return new HistogramSnapshot(
        new MetricMetadata(name, help), List.of(point(distribution, Labels.EMPTY)));
  }

  GaugeSnapshot gauges(String name, String help, ToDoubleFunction<T> gauge) {
    return new GaugeSnapshot(
        new MetricMetadata(name, help),
        points(
            thing -> new GaugeDataPointSnapshot(gauge.applyAsDouble(thing), labels(thing), null)));
  }

  CounterSnapshot counters(String name, String help, ToDoubleFunction<T> counter) {
    return new CounterSnapshot(
        new MetricMetadata(name, help),
        points(
            thing ->
                new CounterDataPointSnapshot(
                    counter.applyAsDouble(thing), labels(thing), null, 0)));
  }

  HistogramSnapshot histograms(String name, String help, Function<T, Distribution> distribution) {
    return new HistogramSnapshot(
        new MetricMetadata(name, help),
        points(thing -> point(distribution.apply(thing), labels(thing))));
  }

  private <P> List<P> points(Function<T, P> point) {
    return things.stream().map(point).toList();
  }

  private Labels labels(T thing) {
    return Labels.of(label, value.apply(thing));
  }

  private static HistogramDataPointSnapshot point(Distribution distribution, Labels labels) {
    List<Double> bounds =
        Stream.concat(distribution.upTo().stream(), Stream.of(Double.POSITIVE_INFINITY)).toList();
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, distribution.counts()))
        .sum(distribution.sum())
        .labels(labels)
        .build();
  }
}

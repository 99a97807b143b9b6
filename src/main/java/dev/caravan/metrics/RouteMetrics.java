package dev.caravan.metrics;

import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.problem.RouteFile;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of the route files. */
final class RouteMetrics implements MultiCollector {
  private record Files(String status, long count) {}

  private final Supplier<@Nullable RouteFiles> routes;

  RouteMetrics(Supplier<@Nullable RouteFiles> routes) {
    this.routes = routes;
  }

  @Override
  public MetricSnapshots collect() {
    RouteFiles loaded = routes.get();
    List<RouteFile> all = loaded == null ? List.of() : loaded.files();
    long broken = all.stream().filter(file -> file.problem() != null).count();
    Family<Files> files =
        new Family<>(
            "status",
            List.of(new Files("loaded", all.size() - broken), new Files("broken", broken)),
            Files::status);
    return MetricSnapshots.of(
        files.gauges(
            "caravan_route_files",
            "Route files, by whether their newest version runs.",
            Files::count));
  }
}

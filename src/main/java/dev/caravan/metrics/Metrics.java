package dev.caravan.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the program, for Prometheus or OpenTelemetry: ours, whose names begin with {@code
 * caravan_}, and those of the JVM and the process under the names Micrometer gives them.
 *
 * <p>Nothing is loaded before the first scrape, so that the start of a program that nobody watches
 * takes no longer. Safe for use by many threads; a scrape reads files.
 */
public final class Metrics implements AutoCloseable {
  /** OpenTelemetry, which may ask for them too, has one instance per process. */
  private static volatile @Nullable Metrics ofProcess;

  private final MetricSources sources;
  private final List<MultiCollector> rooms;
  private @Nullable PrometheusMeterRegistry registry;
  private @Nullable JvmGcMetrics collections;

  /** Those that these sources have. */
  public Metrics(MetricSources sources) {
    this.sources = sources;
    rooms =
        List.of(
            new IngressMetrics(sources.ingress(), sources.losses()),
            new HookMetrics(sources.hooks()),
            new SecretMetrics(sources.secrets()),
            new LogMetrics(sources.log()),
            new SubscriptionMetrics(sources.log(), sources.losses()),
            new RouteMetrics(sources.routes()),
            new CertificateMetrics(sources.certificates()),
            new GitHubMetrics(sources.rateLimits(), sources.recovery()),
            new VersionMetrics(sources.versions()));
    ofProcess = this;
  }

  /** Those of the program that runs in this process; null when none does. */
  static @Nullable Metrics ofProcess() {
    return ofProcess;
  }

  /**
   * All of them at this moment, in Prometheus' text format. Counts that continue across restarts
   * are in their files before anybody sees them: if one is lower after a crash, Prometheus takes it
   * for a new beginning, and adds all of it.
   */
  public String scrape() {
    return asked(PrometheusMeterRegistry::scrape);
  }

  /** All of them at this moment. */
  MetricSnapshots snapshots() {
    return asked(kept -> kept.getPrometheusRegistry().scrape());
  }

  private synchronized <T> T asked(Function<PrometheusMeterRegistry, T> question) {
    PrometheusMeterRegistry asked = registry;
    if (asked == null) {
      asked = newRegistry();
      registry = asked;
    }
    sources.losses().write();
    T answer = question.apply(asked);
    sources.secrets().writeUses();
    return answer;
  }

  @Override
  public synchronized void close() {
    if (ofProcess == this) {
      ofProcess = null;
    }
    if (collections != null) {
      collections.close();
    }
  }

  private PrometheusMeterRegistry newRegistry() {
    PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    rooms.forEach(made.getPrometheusRegistry()::register);
    new JvmMemoryMetrics().bindTo(made);
    JvmGcMetrics listening = new JvmGcMetrics();
    listening.bindTo(made);
    collections = listening;
    new JvmThreadMetrics().bindTo(made);
    new ProcessorMetrics().bindTo(made);
    new FileDescriptorMetrics().bindTo(made);
    new UptimeMetrics().bindTo(made);
    return made;
  }
}

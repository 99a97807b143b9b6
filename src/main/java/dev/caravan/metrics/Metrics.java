package dev.caravan.metrics;

import dev.caravan.config.Versions;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.LogFigures;
import dev.caravan.routes.RouteFiles;
import dev.caravan.secrets.LiveSecrets;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the program, for Prometheus: ours, whose names begin with {@code caravan_}, and
 * those of the JVM and the process under the names Micrometer gives them.
 *
 * <p>Nothing is loaded before the first scrape, so that the start of a program that nobody watches
 * takes no longer. Safe for use by many threads; a scrape reads files.
 */
public final class Metrics implements AutoCloseable {
  private final List<MultiCollector> rooms;
  private @Nullable PrometheusMeterRegistry registry;
  private @Nullable JvmGcMetrics collections;

  /**
   * @param routes gives null as long as no routes are loaded
   * @param certificates gives by port when its certificate ends; empty without TLS
   */
  public Metrics(
      Ingress ingress,
      HookActivity hooks,
      LiveSecrets secrets,
      LogFigures log,
      Supplier<@Nullable RouteFiles> routes,
      Supplier<Map<String, Instant>> certificates,
      Versions versions) {
    rooms =
        List.of(
            new IngressMetrics(ingress),
            new HookMetrics(hooks),
            new SecretMetrics(secrets),
            new LogMetrics(log),
            new SubscriptionMetrics(log),
            new RouteMetrics(routes),
            new CertificateMetrics(certificates),
            new VersionMetrics(versions));
  }

  /** All of them at this moment, in Prometheus' text format. */
  public synchronized String scrape() {
    if (registry == null) {
      registry = newRegistry();
    }
    return registry.scrape();
  }

  @Override
  public synchronized void close() {
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

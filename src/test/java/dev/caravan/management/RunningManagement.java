package dev.caravan.management;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.config.Versions;
import dev.caravan.delivery.Delivery;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.recovery.RecoveryFindings;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.metrics.KeptCounts;
import dev.caravan.metrics.LossCounts;
import dev.caravan.metrics.MetricSources;
import dev.caravan.metrics.Metrics;
import dev.caravan.network.Callers;
import dev.caravan.network.OwnAddress;
import dev.caravan.secrets.LiveSecrets;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A management port over an empty log. */
final class RunningManagement implements AutoCloseable {
  static final String TOKEN = "a-token-of-this-test";
  static final String READ_TOKEN = "a-token-of-this-test-to-look";

  final SqliteDeliveryLog log;
  private final Settings settings;
  private final LiveSecrets secrets;
  private final HookActivity hooks = new HookActivity(null, InstantSource.system());
  private final Ingress ingress;
  private final KeptCounts counts;
  private final Duration deadline;
  private ManagementServer server;
  private boolean observersNeedToken;

  /**
   * @param deadline when connections that say nothing are ended
   */
  RunningManagement(Path data, Duration deadline) {
    this.deadline = deadline;
    log = SqliteDeliveryLog.open(data, TestLog.OPTIONS);
    settings = new SettingSources(Map.of("GITHUB_WEBHOOK_SECRET", "x")).read(null, Map.of());
    secrets = new LiveSecrets(() -> settings, null, data.resolve("use"));
    IngressSettings own = IngressSettings.from(settings);
    ingress =
        new Ingress(
            own, new OwnAddress(own.host(), own.port()), secrets, Callers.ANYONE, log, hooks);
    counts = new KeptCounts(data.resolve("counts"));
    server = serverWith(TOKEN);
  }

  /** Starts anew as a server that no token is configured for, and whose metrics need one. */
  void closeToObservers() {
    observersNeedToken = true;
    forgetToken();
  }

  /** Starts anew as a server that no token is configured for. */
  void forgetToken() {
    server.close();
    server = serverWith("");
  }

  /** Puts a push of that GUID and body into the log. */
  void append(String guid, byte[] body) {
    log.append(
            new Delivery(
                guid,
                "push",
                Delivery.Subject.NONE,
                Instant.now(),
                Map.of(),
                Delivery.Encoding.JSON,
                body))
        .join();
  }

  int port() {
    return server.port();
  }

  private ManagementServer serverWith(String token) {
    return ManagementServer.start(settings(token), TOKEN, services(), deadline, deadline);
  }

  /** Every path that it serves, with its method: {@code GET /api}. */
  Set<String> paths() {
    Vertx vertx = Vertx.vertx();
    try {
      return ManagementServer.router(vertx, settings(TOKEN), TOKEN, services(), deadline)
          .getRoutes()
          .stream()
          .filter(route -> route.getPath() != null && route.methods() != null)
          .flatMap(route -> route.methods().stream().map(method -> method + " " + route.getPath()))
          .collect(Collectors.toSet());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private ManagementSettings settings(String token) {
    return new ManagementSettings(
        "127.0.0.1",
        0,
        token,
        READ_TOKEN,
        !token.isEmpty() || observersNeedToken,
        List.of("caravan.example"),
        null);
  }

  private ManagementServices services() {
    return new ManagementServices(
        () -> "",
        new Metrics(
            new MetricSources(
                ingress,
                hooks,
                secrets,
                log.figures(),
                LossCounts.keep(counts, ingress, log.figures()),
                () -> null,
                Map::of,
                new RateLimits(),
                new RecoveryFindings(),
                Versions.read())),
        new InfoApi(Versions.read(), settings, () -> null),
        new LogApi(log),
        log.backup(),
        new SecretApi(secrets, ingress),
        new RouteApi(() -> null, log.history()),
        address -> {},
        noPages());
  }

  private static ManagementPages noPages() {
    return new ManagementPages() {
      @Override
      public void addTo(Router router, Vertx vertx, LargeAnswers large) {}

      @Override
      public String newLink() {
        return "/";
      }
    };
  }

  @Override
  public void close() {
    server.close();
    counts.close();
    secrets.close();
    log.close();
  }
}

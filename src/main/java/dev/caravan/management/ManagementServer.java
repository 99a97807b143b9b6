package dev.caravan.management;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.network.Connections;
import dev.caravan.network.LoopConnections;
import dev.caravan.network.StrictHttp;
import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the management port. Health checks are for everyone, and so is {@link TokenProof};
 * {@link ManagementPages} have an access rule of their own, and everything else is behind {@link
 * AccessRule}.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.management");
  private static final String HEALTH = "/observe/health";
  private static final String METRICS = "/observe/metrics";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String INFO = "/observe/info";
  private static final String OPEN_API = "/api/openapi.json";
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final long SWEEP = 200;

  /** Room for every page that may watch the list of deliveries, and as many others. */
  private static final int MOST_CONNECTIONS = 128;

  /** Two long searches of the log must not keep the metrics waiting. */
  private static final int WORKERS = 4;

  private final Vertx vertx;
  private final HttpServer server;
  private final @Nullable Tls tls;

  private ManagementServer(Vertx vertx, HttpServer server, @Nullable Tls tls) {
    this.vertx = vertx;
    this.server = server;
    this.tls = tls;
  }

  /**
   * Starts listening.
   *
   * @param token for what is not a health check; not empty
   * @throws IllegalStateException with a sentence for the user when the port is taken, or the
   *     certificate cannot be used
   */
  public static ManagementServer start(
      ManagementSettings settings, String token, ManagementServices answers) {
    return start(settings, token, answers, HEAD, IDLE);
  }

  static ManagementServer start(
      ManagementSettings settings,
      String token,
      ManagementServices answers,
      Duration head,
      Duration idle) {
    TlsFiles files = settings.tls();
    Tls tls = files == null ? null : new Tls(files); // before anything that would have to be closed
    Vertx vertx =
        StrictHttp.guardedBy(
            Connections.ofAnyone(MOST_CONNECTIONS),
            StrictHttp.withoutFiles().setEventLoopPoolSize(1).setWorkerPoolSize(WORKERS));
    Router router = router(vertx, settings, token, answers, idle);
    HttpServerOptions options =
        new HttpServerOptions().setMaxFormAttributeSize(ManagementPages.LARGEST_FIELD);
    if (tls != null) {
      tls.addTo(options);
    }
    HttpServer server = StrictHttp.createServer(vertx, options).requestHandler(router);
    try {
      server
          .listen(settings.port(), settings.host())
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      LoopConnections connections =
          new LoopConnections(vertx.getOrCreateContext()); // there is but one
      vertx.setPeriodic(SWEEP, ignored -> connections.endOverdue(head, idle));
      return new ManagementServer(vertx, server, tls);
    } catch (CompletionException e) {
      close(vertx, tls);
      throw new IllegalStateException(
          "Cannot listen on management port %s: %s. Choose another with --management-port."
              .formatted(settings, e.getCause().getMessage()),
          e);
    }
  }

  /** Every path there is. */
  static Router router(
      Vertx vertx,
      ManagementSettings settings,
      String token,
      ManagementServices answers,
      Duration patience) {
    LargeAnswers large = new LargeAnswers(vertx, patience);
    Router router = Router.router(vertx);
    router.route().handler(ManagementServer::begin);
    router.get(HEALTH + "/live").handler(context -> health(context, "", ""));
    router.get(HEALTH + "/ready").handler(context -> ready(context, answers));
    router.get(HEALTH).handler(context -> ready(context, answers));
    router
        .get(METRICS)
        .handler(AccessRule.toObserve(settings, token))
        .handler(WorkerAnswer.text(vertx, PROMETHEUS, answers.metrics()::scrape));
    router
        .get(INFO)
        .handler(AccessRule.toObserve(settings, token))
        .handler(WorkerAnswer.json(vertx, answers.info()::info));
    answers.pages().addTo(router, vertx, large);
    router.route().failureHandler(ManagementServer::failed);
    router.get(TokenProof.PATH).handler(new TokenProof(settings, token));
    router.route().handler(new AccessRule(settings, token)).handler(new AuditTrail());
    BackupApi backup = new BackupApi(vertx, answers.backup(), patience);
    new LogEndpoints(vertx, answers.log(), backup, large).addTo(router);
    SecretApi secrets = answers.secrets();
    router.get("/api/secrets").handler(WorkerAnswer.json(vertx, secrets::secrets));
    router.get("/api/refused").handler(WorkerAnswer.json(vertx, secrets::refused));
    router.post("/api/refused/verify").handler(WorkerAnswer.json(vertx, secrets::verifyAgain));
    router
        .post("/api/console-links")
        .handler(
            WorkerAnswer.json(
                vertx, () -> new JsonObject().put("path", answers.pages().newLink())));
    router.get(OPEN_API).handler(WorkerAnswer.text(vertx, "application/json", OpenApi::text));
    router
        .post("/api/take-over")
        .handler(
            context ->
                WorkerAnswer.json(vertx, () -> makeWay(answers.successor(), context))
                    .handle(context));
    router.get("/api/routes").handler(WorkerAnswer.json(vertx, answers.routes()::routes));
    router.errorHandler(404, ManagementServer::failed);
    router.errorHandler(405, ManagementServer::failed);
    return router;
  }

  private static JsonObject makeWay(Consumer<String> successor, RoutingContext context) {
    try {
      successor.accept(Objects.requireNonNullElse(context.queryParams().get("address"), ""));
      return new JsonObject().put("makesWay", true);
    } catch (IllegalStateException e) {
      throw new RefusedException(409, String.valueOf(e.getMessage()));
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    close(vertx, tls);
  }

  private static void close(Vertx vertx, @Nullable Tls tls) {
    if (tls != null) {
      tls.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void begin(RoutingContext context) {
    LetIn.begin(context);
    if (hasPath(context)) {
      context.next();
    } else {
      answer(context, 400, error("The path has broken percent-encoding."));
    }
  }

  /** Whether the path can be read. The router would answer 500 and log a trace. */
  private static boolean hasPath(RoutingContext context) {
    try {
      return context.normalizedPath() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void ready(RoutingContext context, ManagementServices answers) {
    health(context, answers.trouble().get(), answers.log().spooled());
  }

  private static void health(RoutingContext context, String trouble, String spooled) {
    JsonObject health = new JsonObject().put("status", trouble.isEmpty() ? "UP" : "DOWN");
    if (!trouble.isEmpty()) {
      health.put("reason", trouble);
    } else if (!spooled.isEmpty()) {
      health.put("reason", spooled);
    }
    answer(context, trouble.isEmpty() ? 200 : 503, health);
  }

  private static void failed(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof RefusedException refused) {
      answer(context, refused.status(), error(refused.getMessage()));
    } else if (failure instanceof LogUnavailableException) {
      answer(context, 503, error(String.valueOf(failure.getMessage())));
    } else if (failure == null || context.statusCode() < 500) {
      answer(context, context.statusCode(), error(sentence(context.statusCode())));
    } else {
      LOG.error("A request to the management port failed.", failure);
      answer(context, 500, error("The request failed; the server's log says more."));
    }
  }

  private static JsonObject error(String sentence) {
    return new JsonObject().put("error", sentence);
  }

  private static String sentence(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this path.";
      case 405 -> "This path does not accept this method.";
      case 413 -> "The request's body is too large.";
      default -> HttpResponseStatus.valueOf(status).reasonPhrase() + ".";
    };
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    if (!context.response().ended() && !context.response().headWritten()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(body.encode());
    }
  }
}

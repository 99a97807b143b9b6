package dev.caravan.management;

import dev.caravan.config.Settings;
import dev.caravan.network.ConnectionClock;
import dev.caravan.network.Connections;
import dev.caravan.network.LoopConnections;
import dev.caravan.network.StrictHttp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Health checks on a port of their own, for those who may see nothing else: Kubernetes asks from
 * outside the container, and the management port should stay inside.
 */
public final class HealthServer implements AutoCloseable {
  private static final String HOST = "caravan.health.host";
  private static final String PORT = "caravan.health.port";
  private static final String HEALTH = "/observe/health";
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final long SWEEP = 200;

  /** Few: each may keep a megabyte of answers in memory that its client does not read. */
  static final int MOST_CONNECTIONS = 64;

  private static final long PATIENCE_SECONDS = 5;
  private static final String HANGS =
      "an event loop or the delivery log's committer does not answer";

  private final Supplier<String> trouble;
  private final Supplier<CompletableFuture<Void>> heartbeat;
  private final @Nullable Vertx vertx;
  private int port;

  private HealthServer(
      @Nullable Vertx vertx,
      Supplier<String> trouble,
      Supplier<CompletableFuture<Void>> heartbeat) {
    this.vertx = vertx;
    this.trouble = trouble;
    this.heartbeat = heartbeat;
  }

  /**
   * Listens when the settings name a port, else does nothing.
   *
   * @param trouble why deliveries are not accepted at the moment, or an empty text
   * @param heartbeat completes, or fails, when the threads that accept deliveries have answered
   * @throws dev.caravan.config.InvalidSettingException for a port that is none, or without a host
   * @throws IllegalStateException with a sentence for the user when it cannot be listened on
   */
  public static HealthServer start(
      Settings settings, Supplier<String> trouble, Supplier<CompletableFuture<Void>> heartbeat) {
    Integer wanted = wantedPort(settings);
    if (wanted == null) {
      return new HealthServer(null, trouble, heartbeat);
    }
    Vertx vertx =
        StrictHttp.guardedBy(
            Connections.ofAnyone(MOST_CONNECTIONS),
            StrictHttp.withoutFiles().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    HealthServer health = new HealthServer(vertx, trouble, heartbeat);
    try {
      HttpServer server =
          StrictHttp.createServer(vertx, new HttpServerOptions())
              .requestHandler(health::answer)
              .listen(wanted, settings.text(HOST))
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      health.port = server.actualPort();
    } catch (CompletionException e) {
      health.close();
      throw new IllegalStateException(
          "Cannot listen on port %d of %s for health checks: %s. Choose another with %s."
              .formatted(wanted, settings.text(HOST), e.getCause().getMessage(), PORT),
          e);
    }
    LoopConnections connections =
        new LoopConnections(vertx.getOrCreateContext()); // there is but one
    vertx.setPeriodic(SWEEP, ignored -> connections.endOverdue(HEAD, IDLE));
    return health;
  }

  /**
   * The port that the settings name; null for none.
   *
   * @throws dev.caravan.config.InvalidSettingException for a port that is none, or without a host
   */
  public static @Nullable Integer wantedPort(Settings settings) {
    if (settings.text(PORT).isEmpty()) {
      return null;
    }
    if (settings.text(HOST).isEmpty()) {
      throw settings.refuse(HOST, "an address of this machine");
    }
    return settings.integer(PORT, 0, 65535);
  }

  /** The port that is listened on; 0 when none is. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void answer(HttpServerRequest request) {
    ConnectionClock clock = ConnectionClock.of(request.connection());
    clock.requestStarted();
    clock.requestArrived(); // whatever body follows is never read
    request.response().endHandler(ended -> clock.requestEnded(true));
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().setStatusCode(405).putHeader("Allow", "GET").end();
      return;
    }
    switch (request.path()) {
      case HEALTH, HEALTH + "/ready" -> say(request, trouble.get());
      case HEALTH + "/live" -> sayWhetherAlive(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  /** A log that cannot be written is not a reason to restart, so a failure is an answer too. */
  private void sayWhetherAlive(HttpServerRequest request) {
    Context loop = Vertx.currentContext();
    CompletableFuture<?> unused =
        heartbeat
            .get()
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .whenComplete(
                (done, failure) ->
                    loop.runOnContext(
                        ignored -> say(request, failure instanceof TimeoutException ? HANGS : "")));
  }

  private static void say(HttpServerRequest request, String trouble) {
    JsonObject health = new JsonObject().put("status", trouble.isEmpty() ? "UP" : "DOWN");
    if (!trouble.isEmpty()) {
      health.put("reason", trouble);
    }
    if (!request.response().closed()) {
      request
          .response()
          .setStatusCode(trouble.isEmpty() ? 200 : 503)
          .putHeader("Content-Type", "application/json")
          .end(health.encode());
    }
  }
}

package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Listens on the management port. */
public final class ManagementServer implements AutoCloseable {
  private static final String HEALTH = "/observe/health";

  private final Vertx vertx;
  private final HttpServer server;

  private ManagementServer(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Starts listening.
   *
   * @param trouble why deliveries cannot be taken at the moment, or an empty text when they can
   * @throws IllegalStateException with a sentence for the user when the port cannot be had
   */
  public static ManagementServer start(ManagementSettings settings, Supplier<String> trouble) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    Router router = Router.router(vertx);
    router.get(HEALTH + "/live").handler(context -> answer(context, ""));
    router.get(HEALTH + "/ready").handler(context -> answer(context, trouble.get()));
    router.get(HEALTH).handler(context -> answer(context, trouble.get()));
    HttpServer server = vertx.createHttpServer().requestHandler(router);
    try {
      server
          .listen(settings.port(), settings.host())
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      return new ManagementServer(vertx, server);
    } catch (CompletionException e) {
      close(vertx);
      throw new IllegalStateException(
          "The management port %s cannot be listened on: %s. Choose another with --management-port."
              .formatted(settings, e.getCause().getMessage()),
          e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    close(vertx);
  }

  private static void close(Vertx vertx) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void answer(RoutingContext context, String trouble) {
    JsonObject health = new JsonObject().put("status", trouble.isEmpty() ? "UP" : "DOWN");
    if (!trouble.isEmpty()) {
      health.put("reason", trouble);
    }
    context
        .response()
        .setStatusCode(trouble.isEmpty() ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .end(health.encode());
  }
}

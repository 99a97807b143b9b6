package dev.caravan.management;

import dev.caravan.delivery.Delivery;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The paths under {@code /api}, each with the question it asks {@link LogApi}. The log is asked on
 * worker threads, since it reads files.
 */
final class LogEndpoints {
  private static final int LARGEST_REQUEST = 64 * 1024;

  private final Vertx vertx;
  private final LogApi api;
  private final BackupApi backup;
  private final LargeAnswers large;

  LogEndpoints(Vertx vertx, LogApi api, BackupApi backup, LargeAnswers large) {
    this.vertx = vertx;
    this.api = api;
    this.backup = backup;
    this.large = large;
  }

  void addTo(Router router) {
    // So that a client can tell whether it is Caravan that answers, and accepts its token.
    router.get("/api").handler(json(200, context -> new JsonObject().put("program", "caravan")));
    router.get("/api/deliveries").handler(json(200, context -> api.deliveries(query(context))));
    router.get("/api/delivery-count").handler(json(200, context -> api.count(query(context))));
    post(router, "/api/known-deliveries")
        .handler(json(200, context -> api.known(RequestJson.of(context))));
    router
        .get("/api/deliveries/:guid")
        .handler(json(200, context -> large.alone(() -> api.delivery(context.pathParam("guid")))));
    router
        .get("/api/deliveries/:guid/body")
        .handler(context -> bytes(context, Delivery::body, "application/octet-stream"));
    router
        .get("/api/deliveries/:guid/payload")
        .handler(context -> bytes(context, Delivery::payload, "application/json"));
    router.get("/api/dead-letters").handler(json(200, context -> api.deadLetters()));
    router.get("/api/subscriptions").handler(json(200, context -> api.subscriptions()));
    post(router, "/api/subscriptions/pause")
        .handler(json(200, context -> api.pause(RequestJson.of(context), true)));
    post(router, "/api/subscriptions/resume")
        .handler(json(200, context -> api.pause(RequestJson.of(context), false)));
    post(router, "/api/subscriptions/retry")
        .handler(json(200, context -> api.retry(RequestJson.of(context))));
    post(router, "/api/replays").handler(json(202, context -> api.replay(RequestJson.of(context))));
    router.get("/api/nodes").handler(json(200, context -> api.nodes()));
    router.get("/api/replays").handler(json(200, context -> api.replays()));
    router
        .get("/api/replays/:id")
        .handler(json(200, context -> api.progress(context.pathParam("id"))));
    router
        .post("/api/replays/:id/cancel")
        .handler(json(200, context -> api.cancel(context.pathParam("id"))));
    post(router, "/api/log/backup").handler(backup);
  }

  private static Route post(Router router, String path) {
    return router.post(path).handler(BodyHandler.create(false).setBodyLimit(LARGEST_REQUEST));
  }

  private Handler<RoutingContext> json(int status, Function<RoutingContext, JsonObject> question) {
    return context ->
        blocking(
            context,
            () -> question.apply(context),
            answer ->
                context
                    .response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(answer.toBuffer()));
  }

  private void bytes(RoutingContext context, Function<Delivery, byte[]> part, String contentType) {
    String guid = context.pathParam("guid");
    String position = query(context).get("position");
    large.send(
        context,
        () -> part.apply(api.body(guid, position)),
        response ->
            response
                .putHeader("Content-Type", contentType)
                // What somebody sent to GitHub is not a page of this server.
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Disposition", "attachment"));
  }

  private <T> void blocking(RoutingContext context, Callable<T> question, Consumer<T> answer) {
    vertx.executeBlocking(question, false).onSuccess(answer::accept).onFailure(context::fail);
  }

  private static Map<String, String> query(RoutingContext context) {
    Map<String, String> parameters = new LinkedHashMap<>();
    context.queryParams().forEach(parameters::put);
    return parameters;
  }
}

package dev.caravan.management;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/** The paths under {@code /api} about secrets, each with the question of {@link SecretApi}. */
final class SecretRoutes {
  private final Vertx vertx;
  private final SecretApi api;

  SecretRoutes(Vertx vertx, SecretApi api) {
    this.vertx = vertx;
    this.api = api;
  }

  void addTo(Router router) {
    router.get("/api/secrets").handler(json(api::secrets));
    router.get("/api/refused").handler(json(api::refused));
    router.post("/api/refused/verify").handler(json(api::verifyAgain));
  }

  private Handler<RoutingContext> json(Callable<JsonObject> question) {
    return context ->
        vertx
            .executeBlocking(question, false)
            .onSuccess(
                answer ->
                    context
                        .response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(answer.toBuffer()))
            .onFailure(context::fail);
  }
}

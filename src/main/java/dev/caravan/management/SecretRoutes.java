package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** The paths under {@code /api} about secrets, each with the question of {@link SecretApi}. */
final class SecretRoutes {
  private final Vertx vertx;
  private final SecretApi api;

  SecretRoutes(Vertx vertx, SecretApi api) {
    this.vertx = vertx;
    this.api = api;
  }

  void addTo(Router router) {
    router.get("/api/secrets").handler(WorkerAnswer.json(vertx, api::secrets));
    router.get("/api/refused").handler(WorkerAnswer.json(vertx, api::refused));
    router.post("/api/refused/verify").handler(WorkerAnswer.json(vertx, api::verifyAgain));
  }
}

package dev.caravan.management;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/** Works out the answer to a request on a worker thread, since that reads files. */
final class WorkerAnswer {
  private WorkerAnswer() {}

  static Handler<RoutingContext> json(Vertx vertx, Callable<JsonObject> question) {
    return text(vertx, "application/json", () -> question.call().encode());
  }

  static Handler<RoutingContext> text(Vertx vertx, String type, Callable<String> question) {
    return context ->
        vertx
            .executeBlocking(question, false)
            .onSuccess(
                answer ->
                    context
                        .response()
                        .putHeader("Content-Type", type)
                        .putHeader("Cache-Control", "no-store")
                        .end(answer))
            .onFailure(context::fail);
  }
}

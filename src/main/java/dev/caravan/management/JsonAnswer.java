package dev.caravan.management;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/** Answers a request with JSON that is asked for on a worker thread, since that reads files. */
final class JsonAnswer {
  private JsonAnswer() {}

  static Handler<RoutingContext> to(Vertx vertx, Callable<JsonObject> question) {
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

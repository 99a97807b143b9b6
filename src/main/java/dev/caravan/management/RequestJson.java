package dev.caravan.management;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The JSON object in the body of a request. */
final class RequestJson {
  private RequestJson() {}

  static JsonObject of(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new RefusedException(415, "The request's content type is not application/json.");
    }
    try {
      JsonObject json = context.body().asJsonObject();
      if (json != null) {
        return json;
      }
    } catch (DecodeException | ClassCastException e) {
      // refused below, with the same sentence
    }
    throw new RefusedException(400, "The request's body is not a JSON object.");
  }
}

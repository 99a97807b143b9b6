package dev.caravan.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves a line for each request that changes something: where it came from, and what it asked. */
final class AuditTrail implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.audit");
  private static final int LONGEST = 500;

  /** A question that is sent as a POST because it may be long. */
  private static final String QUESTION = "/api/known-deliveries";

  @Override
  public void handle(RoutingContext context) {
    if (!context.request().method().equals(HttpMethod.GET)
        && !context.normalizedPath().equals(QUESTION)) {
      context.addEndHandler(ended -> say(context));
    }
    context.next();
  }

  private static void say(RoutingContext context) {
    String body = context.body() == null ? null : context.body().asString();
    String asked = body == null || body.isEmpty() ? "" : " " + body;
    LOG.info(
        "API from {}: {} {}{}, answered {}.",
        context.request().remoteAddress().hostAddress(),
        context.request().method(),
        context.normalizedPath(),
        asked.length() > LONGEST ? asked.substring(0, LONGEST) + "…" : asked,
        context.response().getStatusCode());
  }
}

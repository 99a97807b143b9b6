package dev.caravan.management;

import dev.caravan.network.ConnectionClock;
import io.vertx.ext.web.RoutingContext;

/**
 * Keeps the connection of a request that is allowed until it has its answer. Those of everybody
 * else give way when there are too many, the slowest first.
 */
public final class LetIn {
  private static final String KEY = "caravan.let-in";

  private LetIn() {}

  /** A request has begun, and it is not known whose it is. */
  static void begin(RoutingContext context) {
    ConnectionClock clock = ConnectionClock.of(context.request().connection());
    clock.requestStarted();
    context.addEndHandler(ended -> clock.requestEnded(context.get(KEY) != null));
  }

  /** It is allowed. */
  public static void allow(RoutingContext context) {
    if (context.get(KEY) == null) {
      context.put(KEY, true);
      ConnectionClock.of(context.request().connection()).requestArrived();
    }
  }
}

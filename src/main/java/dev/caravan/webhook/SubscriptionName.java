package dev.caravan.webhook;

import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/** The name of a route's subscription in the delivery log: what the route says, or its id. */
final class SubscriptionName {
  private SubscriptionName() {}

  /**
   * The name of a route's subscription.
   *
   * @param option the route's option, if it has one
   * @param uri the route's endpoint
   * @throws IllegalStateException with a sentence that says what to write when it has none
   */
  static String of(Route route, @Nullable String option, String uri) {
    if (option != null && !option.isBlank()) {
      return option.strip();
    }
    // A generated id counts routes: the next start could give it to another one.
    if (!route.isCustomId() || route.isCreatedByKamelet()) {
      throw new IllegalStateException(
          ("The route from %s%s has no id of its own, and its subscription in the delivery log"
                  + " needs a name that stays. Write an id (in YAML, id: my-route under - route:;"
                  + " in Java, .routeId(\"my-route\")) or the parameter subscription: my-route")
              .formatted(
                  uri,
                  route.getSourceLocationShort() == null
                      ? ""
                      : " (" + route.getSourceLocationShort() + ")"));
    }
    return route.getRouteId();
  }
}

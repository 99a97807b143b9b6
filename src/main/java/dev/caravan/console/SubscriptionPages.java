package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.DeliverySummary;
import dev.caravan.log.KnownSubscription;
import dev.caravan.management.RefusedException;
import dev.caravan.routes.RouteFile;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.RunningRoute;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every subscription, and one of them with its dead letters. */
final class SubscriptionPages {
  private static final int MOST_DEAD_LETTERS = 200;

  private final Pages pages;
  private final ConsoleSources sources;

  SubscriptionPages(Pages pages, ConsoleSources sources) {
    this.pages = pages;
    this.sources = sources;
  }

  void addTo(Router router) {
    router.get("/subscriptions").handler(this::all);
    router.get("/subscriptions/:name").handler(this::one);
  }

  private void all(RoutingContext context) {
    pages.send(
        context,
        () ->
            pages.page(
                context,
                Place.SUBSCRIPTIONS,
                "Subscriptions",
                "subscriptions",
                Map.of(
                    "subscriptions",
                    sources.history().subscriptions(),
                    "routes",
                    routes(),
                    "files",
                    files())));
  }

  private void one(RoutingContext context) {
    String name = context.pathParam("name");
    pages.send(
        context,
        () -> {
          KnownSubscription found =
              sources.history().subscriptions().stream()
                  .filter(each -> each.name().equals(name))
                  .findFirst()
                  .orElseThrow(
                      () -> new RefusedException(404, "There is no subscription of that name."));
          List<DeliverySummary> dead =
              sources
                  .history()
                  .list(
                      DeliveryQuery.ALL.outcome(DeliveryQuery.Outcome.DEAD_LETTER, name),
                      MOST_DEAD_LETTERS)
                  .deliveries();
          return pages.page(
              context,
              Place.SUBSCRIPTIONS,
              name,
              "subscription",
              Map.of(
                  "subscription",
                  found,
                  "routes",
                  routes().stream().filter(route -> name.equals(route.subscription())).toList(),
                  "deadLetters",
                  byError(dead, name)));
        });
  }

  /** What was given up, the reason most had coming first. */
  private static List<ErrorGroup> byError(List<DeliverySummary> dead, String subscription) {
    Map<String, List<DeliverySummary>> groups = new TreeMap<>();
    for (DeliverySummary each : dead) {
      String error =
          each.outcomes().stream()
              .filter(outcome -> outcome.subscription().equals(subscription))
              .map(outcome -> outcome.error() == null ? "" : outcome.error())
              .findFirst()
              .orElse("");
      groups.computeIfAbsent(error, key -> new java.util.ArrayList<>()).add(each);
    }
    return groups.entrySet().stream()
        .map(group -> new ErrorGroup(group.getKey(), group.getValue()))
        .sorted((one, other) -> other.deliveries().size() - one.deliveries().size())
        .toList();
  }

  private List<RunningRoute> routes() {
    RouteFiles loaded = sources.routes().get();
    return loaded == null ? List.of() : loaded.routes();
  }

  private List<RouteFile> files() {
    RouteFiles loaded = sources.routes().get();
    return loaded == null ? List.of() : loaded.files();
  }
}

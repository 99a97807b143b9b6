package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.management.RefusedException;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.ShownRoute;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The list of subscriptions, and the page of one with its route and dead letters. */
final class SubscriptionPages {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.console");
  private static final int DEAD_LETTERS = 50;

  private final Pages pages;
  private final ConsoleSources sources;
  private final SubscriptionRates rates = new SubscriptionRates(InstantSource.system());

  SubscriptionPages(Pages pages, ConsoleSources sources) {
    this.pages = pages;
    this.sources = sources;
  }

  void addTo(Router router) {
    router.get("/subscriptions").handler(this::all);
    router.get("/subscriptions/:name").handler(this::one);
    router.get("/subscriptions/:name/dead-letters").handler(this::deadLetters);
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
                    sources.log().history().subscriptions(),
                    "figures",
                    figures(),
                    "files",
                    files(),
                    "replays",
                    sources.log().replays(),
                    "node",
                    sources.log().node())));
  }

  private void one(RoutingContext context) {
    String name = context.pathParam("name");
    pages.send(
        context,
        () ->
            pages.page(
                context,
                Place.SUBSCRIPTIONS,
                name,
                "subscription",
                Map.of("view", view(known(name)), "node", sources.log().node())));
  }

  private SubscriptionView view(KnownSubscription known) {
    String name = known.name();
    SubscriptionFigures figures = figures().get(name);
    RunningRoute route =
        routes().stream().filter(each -> name.equals(each.subscription())).findFirst().orElse(null);
    return new SubscriptionView(
        known,
        figures == null ? "" : rates.of(figures),
        figures == null ? 0 : SubscriptionRates.attempts(figures),
        figures == null ? 0 : figures.failures(),
        route,
        route == null ? null : shown(route),
        route == null ? null : file(route.file()),
        sources.log().history().deadLetterGroups().stream()
            .filter(group -> group.subscription().equals(name))
            .toList(),
        sources.log().replays().stream().filter(each -> name.equals(each.subscription())).toList());
  }

  private KnownSubscription known(String name) {
    return sources.log().history().subscriptions().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new RefusedException(404, "There is no subscription of that name."));
  }

  /** The dead letters with one error, to choose from. */
  private void deadLetters(RoutingContext context) {
    String name = context.pathParam("name");
    String error = context.queryParams().get("error");
    String before = context.queryParams().get("before");
    pages.send(
        context,
        () -> {
          known(name);
          DeliveryPage found =
              sources
                  .log()
                  .history()
                  .list(
                      DeliveryQuery.ALL
                          .outcome(DeliveryQuery.Outcome.DEAD_LETTER, name)
                          .deadLettered(
                              error == null || error.isBlank()
                                  ? null
                                  : new DeadLetterFilter(null, null, error))
                          .before(before == null || before.isBlank() ? null : before),
                      DEAD_LETTERS);
          Map<String, Object> model = new HashMap<>();
          model.put("subscription", name);
          model.put("error", error == null ? "" : error);
          model.put("rows", found.deliveries());
          model.put("older", found.next());
          return pages.page(
              context, Place.SUBSCRIPTIONS, "Dead letters of " + name, "deadletters", model);
        });
  }

  private Map<String, SubscriptionFigures> figures() {
    return sources.log().figures().subscriptions().stream()
        .collect(Collectors.toMap(SubscriptionFigures::name, Function.identity()));
  }

  private List<RunningRoute> routes() {
    RouteFiles loaded = sources.routes().get();
    return loaded == null ? List.of() : loaded.routes();
  }

  private @Nullable ShownRoute shown(RunningRoute route) {
    try {
      RouteFiles loaded = sources.routes().get();
      return loaded == null ? null : loaded.shown(route.id());
    } catch (Exception e) { // Camel cannot describe every step
      LOG.warn("The route {} cannot be shown.", route.id(), e);
      return null;
    }
  }

  private @Nullable RouteFile file(String name) {
    return files().stream().filter(file -> file.name().equals(name)).findFirst().orElse(null);
  }

  private List<RouteFile> files() {
    RouteFiles loaded = sources.routes().get();
    return loaded == null ? List.of() : loaded.files();
  }
}

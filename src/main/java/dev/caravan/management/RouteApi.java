package dev.caravan.management;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteProblem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the user's routes through the management port: which run, how far each is,
 * and how the last load of each file went. Safe for use by many threads.
 */
public final class RouteApi {
  private final Supplier<@Nullable RouteFiles> files;
  private final DeliveryHistory history;

  /**
   * @param files gives null as long as no routes are loaded
   */
  public RouteApi(Supplier<@Nullable RouteFiles> files, DeliveryHistory history) {
    this.files = files;
    this.history = history;
  }

  /** Every route and every file. Reads the log for the progress of the subscriptions. */
  JsonObject routes() {
    RouteFiles loaded = files.get();
    List<RunningRoute> routes = loaded == null ? List.of() : loaded.routes();
    List<RouteFile> all = loaded == null ? List.of() : loaded.files();
    Map<String, KnownSubscription> subscriptions =
        history.subscriptions().stream()
            .collect(Collectors.toMap(KnownSubscription::name, Function.identity()));
    return new JsonObject()
        .put(
            "routes",
            new JsonArray(
                routes.stream()
                    .map(route -> json(route, subscriptions.get(route.subscription())))
                    .toList()))
        .put("files", new JsonArray(all.stream().map(RouteApi::json).toList()));
  }

  private static JsonObject json(RunningRoute route, @Nullable KnownSubscription subscription) {
    JsonObject json =
        new JsonObject()
            .put("id", route.id())
            .put("file", route.file())
            .put("from", route.from())
            .put("subscription", route.subscription())
            .put("status", route.status());
    return subscription == null ? json : json.mergeIn(LogJson.progress(subscription));
  }

  private static JsonObject json(RouteFile file) {
    RouteProblem problem = file.problem();
    JsonObject offers = new JsonObject();
    file.offers().forEach((name, users) -> offers.put(name, new JsonArray(users)));
    return new JsonObject()
        .put("file", file.name())
        .put("offers", offers)
        .put("status", problem == null ? "loaded" : "broken")
        .put("since", file.since().toString())
        .put(
            "problem",
            problem == null
                ? null
                : new JsonObject().put("message", problem.message()).put("line", problem.line()));
  }
}

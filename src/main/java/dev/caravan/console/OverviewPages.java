package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.log.LogFigures;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.metrics.FigureHistory;
import dev.caravan.metrics.FigureHistory.Point;
import dev.caravan.metrics.Series;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page about the state of the program, now and in the last minutes to days. */
final class OverviewPages {
  private static final int MOST_HOOKS = 200;
  private static final Map<String, Duration> SPANS = spans();

  private final Pages pages;
  private final ConsoleSources sources;

  OverviewPages(Pages pages, ConsoleSources sources) {
    this.pages = pages;
    this.sources = sources;
  }

  void addTo(Router router) {
    router.get("/overview").handler(this::overview);
    router.get("/overview/series").handler(this::series);
  }

  private void overview(RoutingContext context) {
    pages.send(
        context,
        () ->
            pages.page(
                context,
                Place.OVERVIEW,
                "Overview",
                "overview",
                Map.of(
                    "overview",
                    state(),
                    "span",
                    span(context),
                    "spans",
                    List.copyOf(SPANS.keySet()))));
  }

  private Overview state() {
    LogFigures figures = sources.log().figures();
    List<SubscriptionFigures> all = figures.subscriptions();
    return new Overview(
        sources.log().node(),
        sources.ingress().accepted(),
        sources.ingress().refused().values().stream().mapToLong(Long::longValue).sum(),
        all.stream().mapToLong(SubscriptionFigures::lag).sum(),
        all.stream().mapToLong(SubscriptionFigures::due).sum(),
        all.stream().mapToLong(SubscriptionFigures::deadLetters).sum(),
        figures.bytesOnDisk(),
        figures.bytesKept(),
        figures.bytesFree(),
        figures.spool(),
        sources.log().nodes(),
        hooks(),
        sources.secrets().status(),
        sources.certificates().get());
  }

  /** The hooks that have been silent longest come first. */
  private Map<String, Instant> hooks() {
    Map<String, Instant> hooks = new LinkedHashMap<>();
    sources.hooks().last().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(MOST_HOOKS)
        .forEach(hook -> hooks.put(hook.getKey(), hook.getValue()));
    return hooks;
  }

  private void series(RoutingContext context) {
    Duration span = SPANS.get(span(context));
    context
        .vertx()
        .executeBlocking(() -> json(span), false)
        .onSuccess(
            json ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(json.toBuffer()))
        .onFailure(context::fail);
  }

  private JsonObject json(Duration span) throws IOException {
    List<Point> points = sources.figureHistory().read(span);
    JsonObject series = new JsonObject();
    for (Series each : Series.values()) {
      series.put(
          each.label(),
          new JsonArray(points.stream().map(point -> point.values().get(each)).toList()));
    }
    return new JsonObject()
        .put("step", FigureHistory.step(span).toSeconds())
        .put("from", Instant.now().minus(span).getEpochSecond())
        .put("to", Instant.now().getEpochSecond())
        .put(
            "time",
            new JsonArray(points.stream().map(point -> point.at().getEpochSecond()).toList()))
        .put("series", series);
  }

  private static String span(RoutingContext context) {
    String given = context.queryParams().get("span");
    return given != null && SPANS.containsKey(given) ? given : SPANS.keySet().iterator().next();
  }

  private static Map<String, Duration> spans() {
    Map<String, Duration> spans = new LinkedHashMap<>();
    spans.put("15m", Duration.ofMinutes(15));
    spans.put("1h", Duration.ofHours(1));
    spans.put("6h", Duration.ofHours(6));
    spans.put("24h", Duration.ofDays(1));
    spans.put("7d", Duration.ofDays(7));
    return spans;
  }
}

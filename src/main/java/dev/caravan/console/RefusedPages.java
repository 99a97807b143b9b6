package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The page about requests that were refused for their signature, and the secrets. */
final class RefusedPages {
  private final Pages pages;
  private final ConsoleSources sources;

  RefusedPages(Pages pages, ConsoleSources sources) {
    this.pages = pages;
    this.sources = sources;
  }

  void addTo(Router router) {
    router.get("/refused").handler(this::refused);
  }

  private void refused(RoutingContext context) {
    pages.send(
        context,
        () ->
            pages.page(
                context,
                Place.REFUSED,
                "Refused requests",
                "refused",
                Map.of(
                    "node",
                    sources.log().node(),
                    "count",
                    sources.ingress().refusedCount(),
                    "requests",
                    sources.ingress().refusedRequests(),
                    "secrets",
                    sources.secrets().status())));
  }
}

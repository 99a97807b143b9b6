package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.console.Pages.Page;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.DeliverySummary;
import dev.caravan.log.EventFilter;
import dev.caravan.management.RefusedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two deliveries side by side, and the choice of the second. */
final class ComparePages {
  private static final int CHOICES = 30;

  private final Pages pages;
  private final ConsoleSources sources;

  ComparePages(Pages pages, ConsoleSources sources) {
    this.pages = pages;
    this.sources = sources;
  }

  void addTo(Router router) {
    router.get("/compare").handler(this::compare);
  }

  private void compare(RoutingContext context) {
    String one = context.queryParams().get("one");
    String two = context.queryParams().get("two");
    pages.send(
        context,
        () -> {
          Delivery first = at(one);
          if (two == null || two.isBlank()) {
            return page(
                context,
                "choose",
                Map.of("delivery", first, "one", one, "choices", choices(first, one)));
          }
          Delivery second = at(two);
          return page(
              context,
              "compare",
              Map.of(
                  "one", first, "two", second, "differences", Difference.between(first, second)));
        });
  }

  private Page page(RoutingContext context, String template, Map<String, Object> model) {
    return pages.page(context, Place.DELIVERIES, "Compare", template, model);
  }

  private List<DeliverySummary> choices(Delivery delivery, String position) {
    DeliveryQuery query = DeliveryQuery.ALL.of(EventFilter.parse(delivery.event(), null));
    return sources.history().list(query, CHOICES).deliveries().stream()
        .filter(each -> !each.position().equals(position))
        .toList();
  }

  private Delivery at(@Nullable String position) {
    if (position == null) {
      throw new RefusedException(400, "Two deliveries can be compared; none was named.");
    }
    try {
      return sources
          .history()
          .at(position)
          .orElseThrow(() -> new RefusedException(404, "That delivery is not kept, or no longer."));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(404, "There is no such delivery.");
    }
  }
}

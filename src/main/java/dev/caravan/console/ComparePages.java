package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.console.Pages.Page;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.management.LargeAnswers;
import dev.caravan.management.RefusedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two deliveries side by side, and the choice of the second. */
final class ComparePages {
  private static final int CHOICES = 30;

  /** The most for two bodies together, which are in memory at the same time. */
  private static final long MOST_BYTES = 40L << 20;

  private final Pages pages;
  private final ConsoleSources sources;
  private final LargeAnswers large;

  ComparePages(Pages pages, ConsoleSources sources, LargeAnswers large) {
    this.pages = pages;
    this.sources = sources;
    this.large = large;
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
          DeliverySummary first = at(one);
          if (two == null || two.isBlank()) {
            return page(context, "choose", Map.of("delivery", first, "choices", choices(first)));
          }
          DeliverySummary second = at(two);
          return page(
              context,
              "compare",
              Map.of("one", first, "two", second, "differences", differences(first, second)));
        });
  }

  private Page page(RoutingContext context, String template, Map<String, Object> model) {
    return pages.page(context, Place.DELIVERIES, "Compare", template, model);
  }

  private List<DeliverySummary> choices(DeliverySummary delivery) {
    DeliveryQuery query = DeliveryQuery.ALL.of(EventFilter.parse(delivery.event(), null));
    return sources.log().history().list(query, CHOICES).deliveries().stream()
        .filter(each -> !each.position().equals(delivery.position()))
        .toList();
  }

  private Differences differences(DeliverySummary one, DeliverySummary two) {
    if ((long) one.payloadLength() + two.payloadLength() > MOST_BYTES) {
      throw new RefusedException(
          413,
          "Together they are larger than %s; save both to compare them."
              .formatted(Format.size(MOST_BYTES)));
    }
    return large.alone(() -> Differences.between(body(one), body(two)));
  }

  private Delivery body(DeliverySummary summary) {
    return sources
        .log()
        .history()
        .at(summary.position())
        .orElseThrow(
            () ->
                new RefusedException(
                    404, "That delivery is not in the log, or is no longer kept."));
  }

  private DeliverySummary at(@Nullable String position) {
    if (position == null) {
      throw new RefusedException(400, "Name the delivery to compare with.");
    }
    try {
      return sources.log().history().list(DeliveryQuery.ALL.at(position), 1).deliveries().stream()
          .findFirst()
          .orElseThrow(() -> new RefusedException(404, "There is no such delivery."));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(404, "There is no such delivery.");
    }
  }
}

package dev.caravan.console;

import dev.caravan.config.ProgramName;
import dev.caravan.console.Frame.Place;
import dev.caravan.console.Pages.Page;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.management.LargeAnswers;
import dev.caravan.management.RefusedException;
import dev.caravan.webhook.cloudevents.CloudEvents;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The list of deliveries, and the pages of a single one. */
final class DeliveryPages {
  private static final int ROWS = 50;
  private static final int MOST_OF_ONE_GUID = 100;

  private final Pages pages;
  private final ConsoleSources sources;
  private final LargeAnswers large;
  private final LiveDeliveries live;

  DeliveryPages(Pages pages, ConsoleSources sources, LargeAnswers large) {
    this.pages = pages;
    this.sources = sources;
    this.large = large;
    this.live = new LiveDeliveries(this::rows);
  }

  void addTo(Router router) {
    router.get("/").handler(this::list);
    router.get("/live").handler(live);
    router.get("/count").handler(this::count);
    router.get("/deliveries/:guid").handler(this::delivery);
    router.get("/deliveries/:guid/edit").handler(this::edit);
    router.get("/deliveries/:guid/payload").handler(context -> bytes(context, false));

    router.get("/deliveries/:guid/body").handler(context -> bytes(context, true));
  }

  private void list(RoutingContext context) {
    DeliveryFilter filter = DeliveryFilter.of(context.queryParams());
    boolean paused = "off".equals(context.queryParams().get("live"));
    pages.send(
        context,
        () -> {
          DeliveryPage found = page(filter);
          String older = found.next() == null ? null : "/" + filter.before(found.next()).address();
          String newest = "/" + filter.newest().address();
          return pages.page(
              context,
              Place.DELIVERIES,
              "Deliveries",
              "deliveries",
              Map.of(
                  "list",
                  new DeliveryList(
                      filter,
                      found.deliveries(),
                      older,
                      newest,
                      paused || !filter.isNewest() ? null : "/live" + filter.address(),
                      names(),
                      sources.hookUrl().get())));
        });
  }

  /** The rows of the newest page, for live updates. */
  private String rows(DeliveryFilter filter) {
    return pages.render(Page.of("rows", Map.of("rows", page(filter).deliveries())));
  }

  private DeliveryPage page(DeliveryFilter filter) {
    DeliveryQuery query = filter.query();
    return answer(() -> sources.log().history().list(query, ROWS));
  }

  private void count(RoutingContext context) {
    DeliveryFilter filter = DeliveryFilter.of(context.queryParams());
    pages.send(
        context,
        () -> {
          DeliveryQuery query = filter.query();
          return Page.of(
              "count", Map.of("count", answer(() -> sources.log().history().count(query))));
        });
  }

  private void delivery(RoutingContext context) {
    String guid = context.pathParam("guid");
    String position = context.queryParams().get("position");
    pages.send(
        context,
        () -> {
          List<DeliverySummary> all = of(guid);
          DeliverySummary shown = choose(all, position);
          DeliveryView view = large.alone(() -> view(shown, all));
          return pages.page(
              context,
              Place.DELIVERIES,
              Format.event(shown) + " " + Format.shortGuid(guid),
              "delivery",
              Map.of("view", view));
        });
  }

  private DeliveryView view(DeliverySummary shown, List<DeliverySummary> all) {
    Delivery body = answer(() -> sources.log().history().at(shown.position()).orElse(null));
    @Nullable DeliveryDetails details = body == null ? null : new DeliveryDetails(body);
    return new DeliveryView(
        shown,
        all,
        body == null ? null : body.headers(),
        AttemptView.of(
            shown,
            answer(() -> sources.log().history().attemptsAt(shown.position())),
            sources.lines()),
        body == null ? "" : verdict(body),
        details == null ? Map.of() : CloudEvents.attributes(body),
        details == null ? "" : details.text(),
        details == null ? Map.of() : details.links(),
        details == null ? "" : details.curl(sources.hookUrl().get()),
        names());
  }

  private String verdict(Delivery delivery) {
    if (Format.isTest(delivery.guid())) {
      return "sent from the console; not signed";
    }
    String label = sources.ingress().signerOf(delivery);
    return label == null
        ? "was valid when it arrived; matches none of the current secrets"
        : "valid, signed with the secret \"" + label + "\"";
  }

  private void bytes(RoutingContext context, boolean asItArrived) {
    String guid = context.pathParam("guid");
    String position = context.queryParams().get("position");
    large.send(
        context,
        () -> {
          Delivery kept = body(choose(of(guid), position));
          return asItArrived ? kept.body() : kept.payload();
        },
        response -> {
          response.putHeader(
              "Content-Type", asItArrived ? "application/octet-stream" : "application/json");
          if (context.queryParams().contains("save")) {
            response.putHeader(
                "Content-Disposition", "attachment; filename=\"" + name(guid) + "\"");
          }
        });
  }

  private Delivery body(DeliverySummary shown) {
    return answer(() -> sources.log().history().at(shown.position()))
        .orElseThrow(() -> new RefusedException(404, "Its payload is no longer kept."));
  }

  /** A file name; the query has checked that a GUID has only letters, digits and hyphens. */
  private static String name(String guid) {
    return guid + ".json";
  }

  private void edit(RoutingContext context) {
    String guid = context.pathParam("guid");
    String position = context.queryParams().get("position");
    pages.send(
        context,
        () -> {
          DeliverySummary shown = choose(of(guid), position);
          String text = large.alone(() -> new DeliveryDetails(body(shown)).text());
          if (text.isEmpty()) {
            throw new RefusedException(
                413,
                "Its payload is too large to edit here. Save it, change it, and send it with %s."
                    .formatted(ProgramName.with("send --file")));
          }
          return pages.page(
              context,
              Place.DELIVERIES,
              "Edit and send",
              "edit",
              Map.of("event", shown.event(), "payload", text));
        });
  }

  private List<DeliverySummary> of(String guid) {
    DeliveryQuery query = DeliveryFilter.of(Map.of("guid", guid).entrySet()).query();
    return answer(() -> sources.log().history().list(query, MOST_OF_ONE_GUID).deliveries());
  }

  private static DeliverySummary choose(List<DeliverySummary> all, @Nullable String position) {
    return all.stream()
        .filter(
            each -> position == null ? !each.differsFromFirst() : position.equals(each.position()))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    404, "There is no such delivery in the log, or it is no longer kept."));
  }

  private List<String> names() {
    return answer(
        () ->
            sources.log().history().subscriptions().stream().map(KnownSubscription::name).toList());
  }

  private static <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw new RefusedException(400, String.valueOf(e.getMessage()));
    } catch (LogUnavailableException e) {
      throw new RefusedException(503, String.valueOf(e.getMessage()));
    }
  }
}

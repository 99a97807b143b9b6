package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.console.Pages.Page;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.management.RefusedException;
import dev.caravan.rehearsal.WhatIf;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.problem.RouteFile;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The page that runs deliveries from the log through a candidate for a route without sending
 * anything.
 */
final class WhatIfPages {
  /** The name of a candidate that replaces no file. */
  private static final String NEW = "candidate.camel.yaml";

  private static final int USUAL = 100;
  private static final int MOST_ROWS = 200;

  private final Pages pages;
  private final ConsoleSources sources;
  private final WhatIf whatIf;

  WhatIfPages(Pages pages, ConsoleSources sources, WhatIf whatIf) {
    this.pages = pages;
    this.sources = sources;
    this.whatIf = whatIf;
  }

  void addTo(Router router) {
    router.get("/what-if").handler(this::page);
    router.get("/what-if/answer").handler(this::answerAlone);
  }

  /**
   * Begins to answer what a form asks.
   *
   * @return the text of the audit line
   */
  static String ask(MultiMap form, ConsoleSources sources, WhatIf whatIf) {
    String file = text(form, "file");
    String pasted = form.get("candidate") == null ? "" : form.get("candidate");
    RouteFiles routes = sources.routes().get();
    if (routes == null) {
      throw new RefusedException(503, "The routes are not loaded yet.");
    }
    if (!file.isEmpty() && routes.files().stream().noneMatch(each -> each.name().equals(file))) {
      throw new RefusedException(400, "There is no route file of that name.");
    }
    if (file.isEmpty() && pasted.isBlank()) {
      throw new RefusedException(400, "Choose a route file, or paste a route.");
    }
    if (file.endsWith(".java") && !pasted.isBlank()) {
      throw new RefusedException(400, "Pasted text is YAML; it cannot replace a Java file.");
    }
    DeliveryFilter filter = DeliveryFilter.of(form);
    String text = pasted.isBlank() ? routes.onDisk(file) : pasted;
    String name = file.isEmpty() ? NEW : file;
    if (!whatIf.ask(
        new WhatIf.Question(name, text, !pasted.isBlank(), filter.query(), most(form)))) {
      throw new RefusedException(
          409, "Another rehearsal is running. Wait for it to finish, then ask again.");
    }
    return "let %s%s rehearse, %d characters, with the deliveries %s"
        .formatted(
            name,
            pasted.isBlank() ? "" : " as pasted",
            text.length(),
            filter.isEmpty() ? "of the log" : filter.address());
  }

  /** The address of the page with the same values in its form. */
  static String address(MultiMap form) {
    String filter = DeliveryFilter.of(form).address();
    String file = text(form, "file");
    return "/what-if"
        + filter
        + (file.isEmpty() ? "" : (filter.isEmpty() ? "?" : "&") + "file=" + Format.encoded(file));
  }

  private static int most(MultiMap form) {
    String most = text(form, "most");
    try {
      int number = most.isEmpty() ? USUAL : Integer.parseInt(most);
      if (number >= 1 && number <= WhatIf.MOST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new RefusedException(
        400, "The number of deliveries must be from 1 to %d.".formatted(WhatIf.MOST));
  }

  private void page(RoutingContext context) {
    DeliveryFilter filter = DeliveryFilter.of(context.queryParams());
    String file = text(context.queryParams(), "file");
    pages.send(
        context,
        () -> {
          Map<String, Object> model = answer(context);
          model.put("filter", filter);
          WhatIf.State last = whatIf.state();
          model.put("file", file.isEmpty() && last != null ? last.question().file() : file);
          model.put(
              "candidate",
              last != null && last.question().isPasted() ? last.question().text() : "");
          model.put("most", last == null ? USUAL : last.question().most());
          model.put("files", files());
          model.put(
              "subscriptions",
              sources.log().history().subscriptions().stream()
                  .map(KnownSubscription::name)
                  .toList());
          return pages.page(context, Place.WHAT_IF, "What if", "whatif", model);
        });
  }

  /** The part of the page that follows the rehearsal. */
  private void answerAlone(RoutingContext context) {
    pages.send(context, () -> Page.of("whatifanswer", answer(context)));
  }

  private Map<String, Object> answer(RoutingContext context) {
    Map<String, Object> model = new HashMap<>();
    model.put(
        "view", WhatIfView.of(whatIf.state(), context.queryParams().contains("all"), MOST_ROWS));
    return model;
  }

  private List<String> files() {
    @Nullable RouteFiles loaded = sources.routes().get();
    return loaded == null ? List.of() : loaded.files().stream().map(RouteFile::name).toList();
  }

  private static String text(MultiMap form, String name) {
    String value = form.get(name);
    return value == null ? "" : value.strip();
  }
}

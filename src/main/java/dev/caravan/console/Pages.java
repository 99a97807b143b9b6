package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.management.RefusedException;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Renders pages and parts of them, on worker threads, since what they show is read from files. */
final class Pages {
  /** Allows no inline script or style, nothing from elsewhere, and no framing by another site. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final Vertx vertx;
  private final Supplier<String> trouble;
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(null, ContentType.Html, Pages.class.getClassLoader());

  /**
   * @param trouble why deliveries cannot be accepted at the moment, or an empty text
   */
  Pages(Vertx vertx, Supplier<String> trouble) {
    this.vertx = vertx;
    this.trouble = trouble;
  }

  /**
   * A page, or a part of one.
   *
   * @param template its name without the ending
   * @param model the template's parameters
   */
  record Page(int status, String template, Map<String, Object> model) {
    static Page of(String template, Map<String, Object> model) {
      return new Page(200, template, model);
    }
  }

  /**
   * A whole page of one part of the console.
   *
   * @param model the template's parameters, without its {@code frame}
   */
  Page page(
      RoutingContext context, Place place, String title, String template, Map<String, ?> model) {
    Map<String, Object> all = new HashMap<>(model);
    all.put("frame", new Frame(title, place, ConsoleAccess.of(context), trouble.get()));
    return Page.of(template, all);
  }

  /** Answers with the page that the question returns. */
  void send(RoutingContext context, Callable<Page> question) {
    vertx
        .executeBlocking(
            () -> {
              Page page = question.call();
              return Map.entry(page.status(), render(page));
            },
            false)
        .onSuccess(
            answer ->
                context
                    .response()
                    .setStatusCode(answer.getKey())
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .putHeader("Cache-Control", "no-store")
                    .end(answer.getValue()))
        .onFailure(failure -> failed(context, failure));
  }

  private void failed(RoutingContext context, Throwable failure) {
    if (failure instanceof LogUnavailableException) {
      refused(context, new RefusedException(503, String.valueOf(failure.getMessage())));
    } else {
      context.fail(failure);
    }
  }

  String render(Page page) {
    StringOutput output = new StringOutput();
    templates.render(page.template() + ".jte", page.model(), output);
    return output.toString();
  }

  /** Shows a page that says why something was refused. */
  void refused(RoutingContext context, RefusedException refusal) {
    send(
        context,
        () ->
            new Page(
                refusal.status(),
                "message",
                Map.of("title", "That did not work", "text", refusal.getMessage())));
  }

  /** Sets the headers that protect every answer of the console. */
  static void protect(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    context.next();
  }
}

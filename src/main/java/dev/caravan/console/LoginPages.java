package dev.caravan.console;

import dev.caravan.console.Pages.Page;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages to log in, by a one-time link or a token, and to log out. */
final class LoginPages {
  private static final int LARGEST_FORM = 8 * 1024;

  private final Pages pages;
  private final ConsoleAccess access;
  private final Sessions sessions;
  private final LoginLinks links;

  LoginPages(Pages pages, ConsoleAccess access, Sessions sessions, LoginLinks links) {
    this.pages = pages;
    this.access = access;
    this.sessions = sessions;
    this.links = links;
  }

  void addTo(Router router) {
    router.get("/login").handler(this::form);
    router
        .post("/login")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(this::token);
    router.post("/logout").handler(this::logout);
  }

  private void form(RoutingContext context) {
    access.checkCaller(context);
    String code = context.queryParams().get("code");
    if (code == null) {
      page(context, 200, "");
    } else if (links.use(code)) {
      access.open(context, sessions.begin(true));
      // Not a redirect: after a link from another program, the browser would not send the cookie.
      pages.send(context, () -> Page.of("welcome", Map.of()));
    } else if (access.session(context) != null) {
      redirect(context, "/"); // this browser has used the link before
    } else {
      page(context, 403, "That link has already been used or has expired. ");
    }
  }

  private void token(RoutingContext context) {
    access.checkCaller(context);
    String token = context.request().getFormAttribute("token");
    Session session = token == null ? null : sessions.of(token.strip());
    if (session == null) {
      page(context, 403, "That is not the token. ");
    } else {
      access.open(context, session);
      redirect(context, target(context.request().getFormAttribute("to")));
    }
  }

  private void logout(RoutingContext context) {
    access.checkCaller(context);
    ConsoleAccess.end(context);
    redirect(context, "/login");
  }

  private void page(RoutingContext context, int status, String problem) {
    String to = target(context.queryParams().get("to"));
    pages.send(context, () -> new Page(status, "login", Map.of("problem", problem, "to", to)));
  }

  /** A path on this server: a link must not lead anywhere else. */
  static String target(@Nullable String to) {
    return to == null
            || !to.startsWith("/")
            || to.startsWith("//")
            || to.contains("\\")
            || to.chars().anyMatch(Character::isISOControl) // browsers ignore tabs
        ? "/"
        : to;
  }

  private static void redirect(RoutingContext context, String to) {
    context.response().setStatusCode(303).putHeader("Location", to).end();
  }
}

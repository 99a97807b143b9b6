package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.management.LetIn;
import dev.caravan.management.OwnNames;
import dev.caravan.management.RefusedException;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets in those who are logged in, and sends everybody else to the login page. A browser sends the
 * cookie only from this server's own pages, and a request that changes something must also have
 * this server as its {@code Origin}.
 */
final class ConsoleAccess implements Handler<RoutingContext> {
  private static final String COOKIE = "caravan-session";

  /** Where a request that was let in has its session. */
  static final String SESSION = "caravan.session";

  private final OwnNames names;
  private final Sessions sessions;

  ConsoleAccess(OwnNames names, Sessions sessions) {
    this.names = names;
    this.sessions = sessions;
  }

  @Override
  public void handle(RoutingContext context) {
    checkCaller(context);
    Session session = session(context);
    if (session == null) {
      login(context);
      return;
    }
    if (isWrite(context.request()) && !session.mayWrite()) {
      throw new RefusedException(
          403, "You are logged in to look only. Log in with the full token to change anything.");
    }
    context.put(SESSION, session);
    LetIn.allow(context);
    context.next();
  }

  /** Checks that apply to the login page, too. */
  void checkCaller(RoutingContext context) {
    HttpServerRequest request = context.request();
    names.checkHost(request);
    if (isWrite(request)) {
      if (request.getHeader("Origin") == null) {
        throw new RefusedException(403, "The Origin header is missing; a browser sends it.");
      }
      OwnNames.checkOrigin(request);
    }
  }

  /** The session of a request that was let in. */
  static Session of(RoutingContext context) {
    return Objects.requireNonNull(context.get(SESSION));
  }

  /** Whether somebody is logged in, for pages that are open to all. */
  @Nullable Session session(RoutingContext context) {
    Cookie cookie = context.request().getCookie(name(context));
    return cookie == null ? null : sessions.read(cookie.getValue());
  }

  /** Logs somebody in. */
  void open(RoutingContext context, Session session) {
    context
        .response()
        .addCookie(cookie(context, sessions.cookie(session), Sessions.LIFE.toSeconds()));
  }

  /** Logs them out. */
  static void end(RoutingContext context) {
    context.response().addCookie(cookie(context, "", 0));
  }

  private static Cookie cookie(RoutingContext context, String value, long seconds) {
    return Cookie.cookie(name(context), value)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(context.request().isSSL())
        .setPath("/")
        .setMaxAge(seconds);
  }

  /**
   * With the port as the browser knows it: browsers do not tell the cookies of two ports apart, and
   * two programs on one machine would log each other's users out.
   */
  private static String name(RoutingContext context) {
    return COOKIE + "-" + context.request().authority().port();
  }

  private static boolean isWrite(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  private static void login(RoutingContext context) {
    boolean page = context.request().method().equals(HttpMethod.GET);
    if (page && LiveAnswer.TYPE.equals(context.request().getHeader("Accept"))) {
      LiveAnswer.sayLoggedOut(context);
    } else if (page && context.request().getHeader("HX-Request") == null) {
      String here = URLEncoder.encode(context.request().uri(), UTF_8);
      context.response().setStatusCode(303).putHeader("Location", "/login?to=" + here).end();
    } else {
      throw new RefusedException(401, "You are no longer logged in. Reload the page.");
    }
  }
}

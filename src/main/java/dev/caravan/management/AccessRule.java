package dev.caravan.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;

/**
 * Who may ask for more than health checks: anyone who has the token, or to look only the read
 * token, and names this server by one of its {@link OwnNames}. Observing needs no token unless
 * {@link ManagementSettings#observersNeedToken} says so: while no token is configured, the port can
 * be reached from this machine only.
 */
final class AccessRule implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";

  private final boolean needsToken;
  private final byte[] token;
  private final byte[] readToken;
  private final OwnNames names;

  /**
   * @param token not empty
   */
  AccessRule(ManagementSettings settings, String token) {
    this(settings, token, true);
  }

  private AccessRule(ManagementSettings settings, String token, boolean needsToken) {
    if (token.isEmpty()) {
      throw new IllegalArgumentException("The management port needs a token");
    }
    this.needsToken = needsToken;
    this.token = token.getBytes(UTF_8);
    this.readToken = settings.readToken().getBytes(UTF_8);
    this.names = new OwnNames(settings);
  }

  /** The rule for requests that only observe. */
  static AccessRule toObserve(ManagementSettings settings, String token) {
    return new AccessRule(settings, token, settings.observersNeedToken());
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    names.checkHost(request);
    boolean isWrite = !request.method().equals(HttpMethod.GET);
    if (isWrite) {
      OwnNames.checkOrigin(request);
    }
    if (isWrite && hasToken(request, readToken)) {
      throw new RefusedException(
          403, "That token only allows looking. To change anything, use caravan.management.token.");
    }
    if (needsToken && !hasToken(request, token) && !hasToken(request, readToken)) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      throw new RefusedException(
          401,
          "A token is needed, as in Authorization: Bearer TOKEN. It is the setting caravan.management.token, or else in the file management-token of the data directory.");
    }
    LetIn.allow(context);
    context.next();
  }

  private static boolean hasToken(HttpServerRequest request, byte[] token) {
    String header = request.getHeader("Authorization");
    return header != null
        && token.length > 0
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(token, header.substring(SCHEME.length()).strip().getBytes(UTF_8));
  }
}

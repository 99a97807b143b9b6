package dev.caravan.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask what is not a health check: whoever has the token, and names this server as one of
 * its own names. For what only observes, no token is needed while none is configured: then the port
 * is one of this machine only.
 *
 * <p>The name matters because of browsers: a page from elsewhere whose name was made to point to
 * this machine (DNS rebinding) sends its own name in {@code Host}, and any page can make a browser
 * post here, but then its origin is said.
 */
final class AccessRule implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::");

  private final boolean needsToken;
  private final byte[] token;
  private final Set<String> hosts = new HashSet<>();

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
    hosts.addAll(Set.of("localhost", "127.0.0.1", "::1"));
    settings.hosts().forEach(host -> hosts.add(name(host)));
    if (!EVERY_ADDRESS.contains(name(settings.host()))) {
      hosts.add(name(settings.host()));
    }
  }

  /** The rule for what only observes. */
  static AccessRule toObserve(ManagementSettings settings, String token) {
    return new AccessRule(settings, token, !settings.token().isEmpty());
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!isOwnName(request)) {
      throw new RefusedException(
          403,
          "The Host header does not name this server. Use localhost, or list the name in caravan.management.hosts.");
    }
    if (!request.method().equals(HttpMethod.GET) && !isOwnOrigin(request)) {
      throw new RefusedException(403, "The Origin header names another site than this server.");
    }
    if (needsToken && !hasToken(request)) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      throw new RefusedException(
          401,
          "A token is needed, as in Authorization: Bearer TOKEN. It is the setting caravan.management.token, or else in the file management-token of the data directory.");
    }
    context.next();
  }

  private boolean isOwnName(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority != null
        && request.headers().getAll("Host").size() <= 1
        && hosts.contains(name(authority.host()));
  }

  private static boolean isOwnOrigin(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    String own = request.scheme() + "://" + request.authority();
    return origin == null || origin.equalsIgnoreCase(own);
  }

  private boolean hasToken(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    return header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(token, header.substring(SCHEME.length()).strip().getBytes(UTF_8));
  }

  private static String name(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
  }
}

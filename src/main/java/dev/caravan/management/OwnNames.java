package dev.caravan.management;

import dev.caravan.config.EveryAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The names that this server may be called by, and the check of a request's name against them.
 *
 * <p>They matter because of browsers: a page from elsewhere whose name was made to point to this
 * machine (DNS rebinding) sends its own name in {@code Host}; and any page can make a browser post
 * here, but then the request names its origin.
 */
public final class OwnNames {

  private final Set<String> hosts = new HashSet<>();

  /** Those of this machine, and the ones in the settings. */
  public OwnNames(ManagementSettings settings) {
    hosts.addAll(Set.of("localhost", "127.0.0.1", "::1"));
    settings.hosts().forEach(host -> hosts.add(name(host)));
    if (!EveryAddress.isMeantBy(name(settings.host()))) {
      hosts.add(name(settings.host()));
    }
  }

  /**
   * Refuses a request that names another server than this one.
   *
   * @throws RefusedException with a sentence for the user
   */
  public void checkHost(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (authority == null
        || request.headers().getAll("Host").size() > 1
        || !hosts.contains(name(authority.host()))) {
      throw new RefusedException(
          403,
          "The Host header does not name this server. Use localhost, or list the name in caravan.management.hosts.");
    }
  }

  /**
   * Refuses a request that another site's page has sent. Without an {@code Origin} header it is not
   * a browser's. Behind a proxy that ends TLS, the browser's is an {@code https} address.
   *
   * @throws RefusedException with a sentence for the user
   */
  public static void checkOrigin(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    String own = "://" + request.authority();
    if (origin != null
        && !origin.equalsIgnoreCase(request.scheme() + own)
        && !origin.equalsIgnoreCase("https" + own)) {
      throw new RefusedException(403, "The Origin header names another site than this server.");
    }
  }

  private static String name(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
  }
}

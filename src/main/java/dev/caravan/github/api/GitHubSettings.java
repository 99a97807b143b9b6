package dev.caravan.github.api;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where GitHub's API is and how to ask it.
 *
 * @param api the address, without a slash at its end
 * @param proxy null for the one in Java's own properties
 * @param pause the time between two requests that change something
 */
public record GitHubSettings(URI api, @Nullable ProxySelector proxy, Duration pause) {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String API = "caravan.github.api";
  private static final String PROXY = "caravan.github.proxy";

  /**
   * Reads the settings.
   *
   * @throws InvalidSettingException with a sentence for the user, for the first invalid one
   */
  public static GitHubSettings from(Settings settings) {
    return new GitHubSettings(
        api(settings), proxy(settings), settings.duration("caravan.github.pause"));
  }

  /** The name of the server, as {@code gh} knows it. */
  String host() {
    return api.getHost().equals("api.github.com") ? "github.com" : api.getHost();
  }

  private static URI api(Settings settings) {
    URI uri = address(settings, API);
    boolean isSafe = "https".equals(uri.getScheme()) || THIS_MACHINE.contains(uri.getHost());
    if (!isSafe || uri.getQuery() != null || uri.getUserInfo() != null) {
      throw settings.refuse(
          API,
          "the address of GitHub's REST API. Write https://api.github.com, or https://HOST/api/v3 for a GitHub Enterprise Server");
    }
    return URI.create(uri.toString().replaceFirst("/+$", ""));
  }

  private static @Nullable ProxySelector proxy(Settings settings) {
    if (settings.text(PROXY).isEmpty()) {
      return null;
    }
    URI uri = address(settings, PROXY);
    if (!"http".equals(uri.getScheme()) || uri.getPort() < 0 || uri.getUserInfo() != null) {
      throw settings.refuse(PROXY, "the address of an HTTP proxy. Write http://host:port");
    }
    return ProxySelector.of(new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  private static URI address(Settings settings, String key) {
    try {
      URI uri = URI.create(settings.text(key));
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // refused below, with the same sentence
    }
    throw settings.refuse(key, "an address. Write for instance https://api.github.com");
  }
}

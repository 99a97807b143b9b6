package dev.caravan.github.hooks;

import dev.caravan.config.EveryAddress;
import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;

/** The address of a hook, from the settings or as a user writes it. */
public final class HookAddress {

  private HookAddress() {}

  /** Where a server with these settings receives on this machine. */
  public static URI configured(Settings settings) {
    String host = settings.text("camel.server.host");
    if (host.startsWith("unix:")) {
      throw new InvalidSettingException(
          "camel.server.host is %s, which only a proxy can reach. Name the proxy's address with --url."
              .formatted(host));
    }
    int port = settings.integer("camel.server.port", 0, 65535);
    if (port == 0) {
      throw new InvalidSettingException(
          """
          camel.server.port is 0, so the server's port is not known here. Name its \
          address with --url.""");
    }
    String path = settings.text("caravan.path");
    if (!path.startsWith("/")) {
      throw settings.refuse("caravan.path", "a path that begins with /");
    }
    String scheme = settings.text("caravan.tls.certificate").isEmpty() ? "http" : "https";
    return parse(
        scheme + "://" + (EveryAddress.isMeantBy(host) ? "localhost" : host) + ":" + port + path);
  }

  /**
   * Where GitHub sends to, by the settings; empty when they do not say.
   *
   * @throws InvalidSettingException when what they say is no address
   */
  public static String atGitHub(Settings settings) {
    String address = settings.text("caravan.github.url");
    try {
      return address.isEmpty() ? "" : of(address, settings.text("caravan.path"));
    } catch (InvalidSettingException e) {
      throw new InvalidSettingException("caravan.github.url: " + e.getMessage());
    }
  }

  /**
   * The address of a hook as a user writes it; a server's address alone means the hook on it.
   *
   * @param path the hook's path on its server
   * @throws InvalidSettingException when it is none
   */
  public static String of(String address, String path) {
    URI uri = parse(address);
    return uri.getRawPath().replace("/", "").isEmpty() && uri.getRawQuery() == null
        ? uri.resolve(path).toString()
        : uri.toString();
  }

  /**
   * An address as a user writes it.
   *
   * @throws InvalidSettingException when it is none
   */
  public static URI parse(String address) {
    try {
      URI uri = new URI(address);
      String scheme = uri.getScheme();
      if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        // The part before an @ may be a password: it is neither sent nor shown.
        return new URI(scheme + "://" + uri.getRawAuthority().replaceFirst("^.*@", "") + rest(uri));
      }
    } catch (URISyntaxException e) {
      // refused below, with the same sentence
    }
    throw new InvalidSettingException(
        """
        %s is not the address of a hook. Write for instance \
        http://localhost:8000/hooks/handle_github"""
            .formatted(address.replaceFirst("//.*@", "//")));
  }

  private static String rest(URI uri) {
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }
}

package dev.caravan.github.hooks;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells whether two addresses of hooks are the same, however they are written. */
final class HookUrl {
  private HookUrl() {}

  static boolean same(String one, String other) {
    return normal(one).equals(normal(other));
  }

  /** Whether the address has this path, with or without a slash at its end. */
  static boolean hasPath(String url, String path) {
    URI uri = parse(url);
    return uri != null && withoutSlash(path).equals(withoutSlash(uri.getPath()));
  }

  private static String normal(String url) {
    URI uri = parse(url);
    if (uri == null) {
      return url;
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme
        + "://"
        + uri.getHost().toLowerCase(Locale.ROOT)
        + ":"
        + port
        + withoutSlash(uri.getRawPath())
        + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static @Nullable URI parse(String url) {
    try {
      URI uri = URI.create(url);
      return uri.getHost() == null || uri.getScheme() == null ? null : uri;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String withoutSlash(@Nullable String path) {
    return path == null ? "" : path.replaceFirst("/+$", "");
  }
}

package dev.caravan.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a bucket is.
 *
 * @param endpoint scheme, host and port; and a path that comes before the bucket, if there is one
 * @param pathStyle whether the bucket is the first part of the path, as most servers other than
 *     Amazon's want it, rather than part of the host's name
 */
record S3Address(URI endpoint, String region, String bucket, boolean pathStyle) {

  /** The address of an object, or of the bucket when the key is empty. */
  URI of(String key, Map<String, String> query) {
    String host = endpoint.getRawAuthority();
    String path = "/" + encode(key).replace("%2F", "/");
    if (pathStyle) {
      String before = endpoint.getRawPath().replaceAll("/+$", "");
      path = before + "/" + bucket + (key.isEmpty() ? "" : path);
    } else {
      host = bucket + "." + host;
    }
    String asked = query.isEmpty() ? "" : "?" + encode(query);
    return URI.create(endpoint.getScheme() + "://" + host + path + asked);
  }

  /** As a signature wants it: in order of the names. */
  static String encode(Map<String, String> query) {
    return new TreeMap<>(query)
        .entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}

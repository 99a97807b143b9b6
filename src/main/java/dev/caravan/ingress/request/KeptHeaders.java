package dev.caravan.ingress.request;

import static java.lang.String.CASE_INSENSITIVE_ORDER;

import dev.caravan.delivery.GitHubHeaders;
import io.vertx.core.MultiMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which of a request's headers a delivery keeps, and under which names: GitHub's own. */
public final class KeptHeaders {
  private static final String PREFIX = GitHubHeaders.PREFIX;
  private static final int MOST = 32;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 1024;

  // HTTP/2 brings names in lower case; routes look for them as GitHub's documentation writes them.
  private static final Map<String, String> KNOWN = known(new TreeMap<>(CASE_INSENSITIVE_ORDER));

  // As GitHub sends them over HTTP/1.1; found several times faster.
  private static final Map<String, String> EXACT = known(new HashMap<>());

  private KeptHeaders() {}

  /**
   * GitHub's headers, the signatures, {@code User-Agent}, {@code Content-Type} and the W3C trace;
   * the first value of one that is there twice. A value that is too long or not printable is left
   * out: headers are not signed, and will be printed.
   */
  public static Map<String, String> keep(MultiMap headers) {
    Map<String, String> kept = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          String canonical = canonical(name);
          if (canonical != null && kept.size() < MOST && isPlain(value)) {
            kept.putIfAbsent(canonical, value);
          }
        });
    return Collections.unmodifiableMap(kept);
  }

  /** Whether a header tells what a delivery is, who signed it, or how it was sent. */
  static boolean matters(String name) {
    return canonical(name) != null
        || name.equalsIgnoreCase("Content-Length")
        || name.equalsIgnoreCase("Content-Encoding");
  }

  private static @Nullable String canonical(String name) {
    String exact = EXACT.get(name);
    String known = exact != null ? exact : KNOWN.get(name);
    if (known != null) {
      return known;
    }
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && name.length() <= LONGEST_NAME
        ? capitalized(name)
        : null;
  }

  private static String capitalized(String name) {
    StringBuilder text = new StringBuilder(PREFIX);
    boolean first = true;
    for (char letter : name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).toCharArray()) {
      text.append(first ? Character.toUpperCase(letter) : letter);
      first = letter == '-';
    }
    return text.toString();
  }

  private static boolean isPlain(String value) {
    if (value.length() > LONGEST_VALUE) {
      return false;
    }
    for (int index = 0; index < value.length(); index++) {
      char letter = value.charAt(index);
      if (letter < ' ' || letter > '~') {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> known(Map<String, String> names) {
    for (String name :
        List.of(
            GitHubHeaders.EVENT,
            GitHubHeaders.DELIVERY,
            GitHubHeaders.HOOK_ID,
            GitHubHeaders.TARGET_ID,
            GitHubHeaders.TARGET_TYPE,
            GitHubHeaders.ENTERPRISE_HOST,
            GitHubHeaders.ENTERPRISE_VERSION,
            GitHubHeaders.SIGNATURE,
            GitHubHeaders.SIGNATURE_256,
            GitHubHeaders.CONTENT_TYPE,
            "User-Agent",
            "traceparent", // which trace the sender was at, by W3C
            "tracestate")) {
      names.put(name, name);
    }
    return names;
  }
}

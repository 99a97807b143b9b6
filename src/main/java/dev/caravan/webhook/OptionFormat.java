package dev.caravan.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How options are read, and must be written when they are not plain text. Camel's own conversion
 * reads {@code a few} as 0 and {@code 5s} as the number 5000.
 */
final class OptionFormat {
  private static final OptionFormat NUMBER = new OptionFormat("-?\\d{1,9}", "a whole number");
  private static final OptionFormat FLAG = new OptionFormat("(?i)true|false", "true or false");
  private static final OptionFormat DURATION =
      new OptionFormat(
          "(?i)-?\\d{1,15}|(\\d{1,9}(ms|s|m|h|d)\\s*)+|P.+", "a duration, such as 500ms, 5s or 1h");

  private static final Pattern CODES = Pattern.compile("(%[0-9A-Fa-f]{2})+");

  private static final Map<String, OptionFormat> BY_OPTION =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    BY_OPTION.put("circuitBreaker", NUMBER);
    BY_OPTION.put("circuitBreakerPause", DURATION);
    BY_OPTION.put("coalesce", DURATION);
    BY_OPTION.put("concurrency", NUMBER);
    BY_OPTION.put("maxAttempts", NUMBER);
    BY_OPTION.put("retryDelay", DURATION);
    BY_OPTION.put("retryMaxDelay", DURATION);
    BY_OPTION.put("strict", FLAG);
  }

  private final Pattern pattern;
  private final String description;

  private OptionFormat(String pattern, String description) {
    this.pattern = Pattern.compile(pattern);
    this.description = description;
  }

  /**
   * What the address of an endpoint says, with characters in place of their percent codes; any
   * other percent sign stays, and so does a plus.
   */
  static String decoded(String text) {
    return CODES
        .matcher(text)
        .replaceAll(codes -> Matcher.quoteReplacement(URLDecoder.decode(codes.group(), UTF_8)));
  }

  /**
   * Refuses a value that its option cannot have.
   *
   * @throws IllegalArgumentException with a sentence that names the option and the value
   */
  static void check(Map<String, Object> options) {
    options.forEach(
        (option, value) -> {
          OptionFormat expected = BY_OPTION.get(option);
          // What starts with # names a bean; only Camel knows it.
          if (expected != null
              && value instanceof String text
              && !text.startsWith("#")
              && !expected.pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(
                "%s is '%s', which is not %s.".formatted(option, text, expected.description));
          }
        });
  }
}

package dev.caravan.routes.problem;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The settings that a route file uses as {@code {{key}}}: passwords, more often than not. */
public final class Placeholders {
  /** A placeholder; its group is the name without the default. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(\\??(?:env:|sys:|file:)?[^{}:]+)[^{}]*}}");

  /** Shorter values occur by chance in sentences, and replacing them protects nothing. */
  private static final int SHORTEST = 4;

  private final @Nullable CamelContext context;
  private final String text;

  /**
   * @param context resolves them; null when there is none yet
   * @param text the file's
   */
  public Placeholders(@Nullable CamelContext context, String text) {
    this.context = context;
    this.text = text;
  }

  /** The message with {@code {{key}}}, as the author wrote it, in place of each setting's value. */
  String asWritten(String message) {
    Map<String, String> keys = keysByValue();
    String values = keys.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return keys.isEmpty()
        ? message
        : Pattern.compile(values, Pattern.CASE_INSENSITIVE)
            .matcher(message)
            .replaceAll(value -> Matcher.quoteReplacement("{{" + keys.get(value.group()) + "}}"));
  }

  /** The keys by their values, the longest first, since one may contain another. */
  private Map<String, String> keysByValue() {
    Map<String, String> keys =
        new TreeMap<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(String.CASE_INSENSITIVE_ORDER));
    Matcher placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      String value = meaning(placeholders.group()).strip();
      if (value.length() >= SHORTEST) {
        keys.put(value, placeholders.group(1));
      }
    }
    return keys;
  }

  private String meaning(String placeholder) {
    if (context == null) {
      return "";
    }
    try {
      String value = context.resolvePropertyPlaceholders(placeholder);
      return value == null ? "" : value;
    } catch (IllegalArgumentException e) {
      return ""; // it has no value, which is probably what the message is about
    }
  }
}

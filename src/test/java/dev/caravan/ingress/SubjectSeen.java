package dev.caravan.ingress;

import dev.caravan.delivery.Delivery;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a delivery is about, read by Delivery's own words from the map that a route sees. */
record SubjectSeen(Map<String, Object> payload) {
  Delivery.Subject get() {
    return new Delivery.Subject(
        text("action"),
        text("repository", "full_name"),
        text("organization", "login"),
        number("installation", "id"),
        text("sender", "login"),
        thread());
  }

  private @Nullable String thread() {
    for (String[] path :
        new String[][] {{"number"}, {"issue", "number"}, {"pull_request", "number"}}) {
      String number = number(path);
      if (number != null) {
        return "#" + number;
      }
    }
    String ref = text("ref");
    String type = text("ref_type");
    boolean isShort = ref != null && !ref.startsWith("refs/");
    if (isShort && "branch".equals(type)) {
      return "refs/heads/" + ref;
    }
    return isShort && "tag".equals(type) ? "refs/tags/" + ref : ref;
  }

  private @Nullable String text(String... path) {
    return at(path) instanceof String text ? printable(text) : null;
  }

  private @Nullable String number(String... path) {
    Object value = at(path);
    boolean isWhole =
        value instanceof Integer || value instanceof Long || value instanceof BigInteger;
    return isWhole ? printable(value.toString()) : null;
  }

  private @Nullable Object at(String... path) {
    Object value = payload;
    for (String name : path) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return value;
  }

  private static @Nullable String printable(String text) {
    boolean hasFormatting = text.codePoints().anyMatch(SubjectSeen::formats);
    return text.isEmpty() || text.length() > 256 || hasFormatting ? null : text;
  }

  private static boolean formats(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}

package dev.caravan.console;

import org.jspecify.annotations.Nullable;

/**
 * One value that differs between two payloads.
 *
 * @param path as a JSON pointer
 * @param one the value in the first, or null if it has none; of a long one, where it differs
 * @param two the value in the second, or null if it has none; of a long one, where it differs
 */
public record Difference(String path, @Nullable String one, @Nullable String two) {
  private static final int LONGEST_VALUE = 300;
  private static final int BEFORE = 60;

  /** Of two values, the parts that a reader wants to see. */
  static Difference of(String path, @Nullable String one, @Nullable String two) {
    int from = one == null || two == null ? 0 : Math.max(0, same(one, two) - BEFORE);
    return new Difference(path, part(one, from), part(two, from));
  }

  /** How many characters are the same at the beginning. */
  private static int same(String one, String two) {
    int same = 0;
    while (same < one.length() && same < two.length() && one.charAt(same) == two.charAt(same)) {
      same++;
    }
    return same;
  }

  private static @Nullable String part(@Nullable String value, int from) {
    if (value == null || value.length() <= LONGEST_VALUE) {
      return value;
    }
    int to = Math.min(value.length(), from + LONGEST_VALUE);
    return (from == 0 ? "" : "… ") + value.substring(from, to) + (to == value.length() ? "" : " …");
  }
}

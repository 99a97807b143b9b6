package dev.caravan.log.subscription;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A comma-separated list of patterns; those that begin with {@code !} exclude. A name is wanted
 * when it matches none of these and one of the others, if there are any. Immutable.
 */
public final class NamePatterns {
  private final List<Glob> wanted = new ArrayList<>();
  private final List<Glob> excluded = new ArrayList<>();

  private NamePatterns() {}

  /**
   * Reads a list.
   *
   * @param option the option that has this value, for error messages
   * @param reading turns an item without its exclamation mark into a pattern, or refuses it with an
   *     {@link IllegalArgumentException}
   * @throws IllegalArgumentException with a sentence for the user, when an item is empty or
   *     refused, or nothing can match
   */
  public static NamePatterns parse(String option, String text, Function<String, String> reading) {
    NamePatterns patterns = new NamePatterns();
    List<String> wanted = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    for (String item : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
      boolean excludes = item.startsWith("!");
      String pattern = excludes ? item.substring(1).strip() : item;
      if (pattern.isEmpty()) {
        throw new IllegalArgumentException(
            "%s is '%s', which contains an empty pattern.".formatted(option, text));
      }
      (excludes ? excluded : wanted).add(reading.apply(pattern));
    }
    if (!wanted.isEmpty() && excluded.containsAll(wanted)) {
      throw new IllegalArgumentException(
          "%s is '%s', which excludes everything that it names.".formatted(option, text));
    }
    wanted.forEach(pattern -> patterns.wanted.add(new Glob(pattern)));
    excluded.forEach(pattern -> patterns.excluded.add(new Glob(pattern)));
    return patterns;
  }

  /** Whether the name is wanted. */
  public boolean want(String name) {
    return (wanted.isEmpty() || anyMatches(wanted, name)) && !anyMatches(excluded, name);
  }

  /** Whether something without a name is wanted: it is, if the list only excludes. */
  public boolean wantNameless() {
    return wanted.isEmpty();
  }

  private static boolean anyMatches(List<Glob> globs, String name) {
    for (Glob glob : globs) {
      if (glob.matches(name)) {
        return true;
      }
    }
    return false;
  }
}

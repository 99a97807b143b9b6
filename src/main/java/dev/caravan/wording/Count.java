package dev.caravan.wording;

import java.util.Locale;

/** So many of something, as people say it: {@code 1 delivery}, {@code 1,003 deliveries}. */
public final class Count {
  private Count() {}

  /**
   * A number with its noun.
   *
   * @param noun in the singular, with what stands before it: {@code more delivery}
   */
  public static String of(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? noun : plural(noun));
  }

  private static String plural(String noun) {
    boolean changesItsEnd = noun.matches(".*[^aeiou]y"); // a delivery, but a day
    return changesItsEnd ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
  }
}

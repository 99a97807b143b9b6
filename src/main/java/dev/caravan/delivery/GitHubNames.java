package dev.caravan.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What events, deliveries, owners and repositories can be called. Names end up in log lines,
 * addresses and paths, so one that GitHub would not give must not be accepted: {@code
 * acme/../evil/x} is not the place that it seems to be.
 */
public final class GitHubNames {
  private static final int LONGEST = 100;
  private static final int LONGEST_HEADER = 64;

  private GitHubNames() {}

  /** Whether it can be the name of an event, and be printed. */
  public static boolean isEvent(@Nullable String name) {
    return fits(name, letter -> isDigitOrSmall(letter) || letter == '_');
  }

  /** Whether it can be the GUID of a delivery, and be printed. */
  public static boolean isGuid(@Nullable String name) {
    return fits(name, letter -> isDigitOrSmall(letter) || isCapital(letter) || letter == '-');
  }

  /** Whether it can be the name of an organisation or a user; managed users have an underscore. */
  static boolean isOwner(String login) {
    return isName(login, 0, login.length(), false);
  }

  /** Whether it is {@code owner/name}. */
  static boolean isRepository(String fullName) {
    int slash = fullName.indexOf('/');
    return slash > 0
        && isName(fullName, 0, slash, false)
        && isName(fullName, slash + 1, fullName.length(), true)
        && !fullName.endsWith("/.")
        && !fullName.endsWith("/..");
  }

  private static boolean isName(String text, int start, int end, boolean mayHaveDots) {
    boolean fits = end > start && end - start <= LONGEST;
    for (int index = start; fits && index < end; index++) {
      char letter = text.charAt(index);
      fits =
          isDigitOrSmall(letter)
              || isCapital(letter)
              || letter == '-'
              || letter == '_'
              || (letter == '.' && mayHaveDots);
    }
    return fits;
  }

  private static boolean fits(@Nullable String name, Letters letters) {
    boolean fits = name != null && !name.isEmpty() && name.length() <= LONGEST_HEADER;
    for (int index = 0; fits && index < name.length(); index++) {
      fits = letters.include(name.charAt(index));
    }
    return fits;
  }

  private static boolean isCapital(char letter) {
    return letter >= 'A' && letter <= 'Z';
  }

  private static boolean isDigitOrSmall(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  }

  @FunctionalInterface
  private interface Letters {
    boolean include(char letter);
  }
}

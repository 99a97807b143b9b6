package dev.caravan.delivery;

/**
 * What owners and repositories can be called. Names end up in addresses and in paths, so one that
 * GitHub would not give must not come in: {@code acme/../evil/x} is another place than it seems.
 */
final class GitHubNames {
  private static final int LONGEST = 100;

  private GitHubNames() {}

  /** Whether an organisation or a user can be called so; managed users have an underscore. */
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
          (letter >= 'a' && letter <= 'z')
              || (letter >= 'A' && letter <= 'Z')
              || (letter >= '0' && letter <= '9')
              || letter == '-'
              || letter == '_'
              || (letter == '.' && mayHaveDots);
    }
    return fits;
  }
}

package dev.caravan.ingress;

import java.util.regex.Pattern;

/**
 * What owners and repositories can be called. Names end up in addresses and in paths, so one that
 * GitHub would not give must not come in: {@code acme/../evil/x} is another place than it seems.
 */
final class GitHubNames {
  /** Underscores are in the names of managed users, dots and more in those of no owner. */
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private GitHubNames() {}

  /** Whether an organisation or a user can be called so. */
  static boolean isOwner(String login) {
    return OWNER.matcher(login).matches();
  }

  /** Whether it is {@code owner/name}. */
  static boolean isRepository(String fullName) {
    int slash = fullName.indexOf('/');
    String name = fullName.substring(slash + 1);
    return slash > 0
        && isOwner(fullName.substring(0, slash))
        && REPOSITORY.matcher(name).matches()
        && !name.equals(".")
        && !name.equals("..");
  }
}

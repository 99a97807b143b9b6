package dev.caravan.config;

import java.util.regex.Pattern;

/** A text without the passwords and keys that an address in it may contain. */
public final class WithoutCredentials {
  private static final String NAME = "//[^/\\s:@]{0,64}:";
  private static final String NO_PORT = NAME + "(?!\\d{1,5}/)";

  /**
   * A password with an {@code @} or a slash of its own included; a port and a path are none. No
   * longer than a password is, so that the time grows only with the length of the text.
   */
  private static final Pattern USER_INFO =
      Pattern.compile(
          NO_PORT + "(?:[^?\\s@]{0,256}+@)++|//[^/\\s]*@|" + NO_PORT + "(?:[^\\s@]{0,256}+@)++");

  /**
   * What may be a port and the beginning of a path, or the beginning of a password: then no more
   * than these few digits of it are shown.
   */
  private static final Pattern PORT_OR_PASSWORD =
      Pattern.compile("(" + NAME + "\\d{1,5}/)(?!@)(?:[^?\\s@]{0,256}+@)++");

  /**
   * Matches each address as a whole, with or without a query, so that the time grows only with the
   * length of the text.
   */
  private static final Pattern ADDRESS = Pattern.compile("(//[^?\\s]*+)(\\?\\S*+)?");

  private WithoutCredentials() {}

  /** The text with asterisks in place of user, password and query of the addresses in it. */
  public static String of(String text) {
    int rest = text.lastIndexOf('@') + 1; // there is no user in what follows
    String withoutUsers = USER_INFO.matcher(text.substring(0, rest)).replaceAll("//***@");
    return ADDRESS
        .matcher(PORT_OR_PASSWORD.matcher(withoutUsers).replaceAll("$1***@") + text.substring(rest))
        .replaceAll(address -> address.group(2) == null ? "$1" : "$1?***");
  }
}

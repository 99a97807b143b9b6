package dev.caravan.config;

import java.util.regex.Pattern;

/** A text without the passwords and keys that an address in it may contain. */
public final class WithoutCredentials {
  /**
   * A password with an {@code @} or a slash of its own included; a port and a path are none. No
   * longer than a password is, so that the time grows only with the length of the text.
   */
  private static final Pattern USER_INFO =
      Pattern.compile("//(?:[^/\\s]*|[^/\\s:@]{0,64}:(?!\\d{1,5}/)\\S{0,256})@");

  /**
   * Matches each address as a whole, with or without a query, so that the time grows only with the
   * length of the text.
   */
  private static final Pattern ADDRESS = Pattern.compile("(//[^?\\s]*+)(\\?\\S*+)?");

  private WithoutCredentials() {}

  /** The text with asterisks in place of user, password and query of the addresses in it. */
  public static String of(String text) {
    return ADDRESS
        .matcher(USER_INFO.matcher(text).replaceAll("//***@"))
        .replaceAll(address -> address.group(2) == null ? "$1" : "$1?***");
  }
}

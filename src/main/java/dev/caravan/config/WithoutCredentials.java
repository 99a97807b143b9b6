package dev.caravan.config;

import java.util.regex.Pattern;

/** A text without the passwords and keys that an address in it may contain. */
public final class WithoutCredentials {
  /** A password with an {@code @} of its own included. */
  private static final Pattern USER_INFO = Pattern.compile("//[^/\\s]*@");

  /**
   * Takes in each address whole, query or not: the time grows with the length of the text alone.
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

package dev.caravan.config;

import java.util.regex.Pattern;

/** A text without what an address in it may hold of passwords and keys. */
public final class WithoutCredentials {
  /** A password with an {@code @} of its own included. */
  private static final Pattern USER_INFO = Pattern.compile("//[^/\\s]*@");

  private static final Pattern QUERY = Pattern.compile("(//[^?\\s]*)\\?\\S*");

  private WithoutCredentials() {}

  /** The text with asterisks in place of user, password and query of the addresses in it. */
  public static String of(String text) {
    return QUERY.matcher(USER_INFO.matcher(text).replaceAll("//***@")).replaceAll("$1?***");
  }
}

package dev.caravan.config;

import java.util.regex.Pattern;

/** The value of a setting without what an address in it may hold of passwords and keys. */
final class WithoutCredentials {
  /** A password with an {@code @} of its own included. */
  private static final Pattern USER_INFO = Pattern.compile("//[^/\\s]*@");

  private static final Pattern QUERY = Pattern.compile("(//[^?\\s]*)\\?\\S*");

  private WithoutCredentials() {}

  static String of(String value) {
    return QUERY.matcher(USER_INFO.matcher(value).replaceAll("//***@")).replaceAll("$1?***");
  }
}

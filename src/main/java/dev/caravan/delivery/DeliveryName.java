package dev.caravan.delivery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a person names a delivery: by GitHub's GUID or, where several hooks sent different payloads
 * under one GUID, by {@code GUID/HOOK-ID}.
 *
 * @param hook GitHub's number of the hook that sent it; null for any
 */
public record DeliveryName(String guid, @Nullable Long hook) {
  private static final String TEST = "test_";
  private static final Pattern NAME =
      Pattern.compile("((?:test_)?[A-Za-z0-9-]{1,64})(?:/([1-9][0-9]{0,17}))?");

  /**
   * The GUID of a delivery that did not come from GitHub, but was made up to try a route: no
   * request can have it, since the underscore in it is in no {@code X-GitHub-Delivery} that is let
   * in.
   */
  public static String testGuid(String unique) {
    return TEST + unique;
  }

  /** Whether a delivery was made up to try a route. */
  public static boolean isTest(String guid) {
    return guid.startsWith(TEST);
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException with a sentence for the user, for anything else
   */
  public static DeliveryName parse(String text) {
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      throw new IllegalArgumentException(
          "That is not the name of a delivery: a GUID of GitHub's, up to 64 letters, digits and hyphens, or GUID/HOOK-ID.");
    }
    String hook = name.group(2);
    return new DeliveryName(name.group(1), hook == null ? null : Long.valueOf(hook));
  }

  @Override
  public String toString() {
    return hook == null ? guid : guid + "/" + hook;
  }
}

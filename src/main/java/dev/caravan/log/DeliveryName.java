package dev.caravan.log;

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
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9-]{1,64})(?:/([1-9][0-9]{0,17}))?");

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException with a sentence for the user, for what is none
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

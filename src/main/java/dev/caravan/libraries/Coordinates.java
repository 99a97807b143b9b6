package dev.caravan.libraries;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Maven knows a library by.
 *
 * @param version null when it is to be chosen
 */
public record Coordinates(String group, String artifact, @Nullable String version) {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]+");

  /**
   * Reads {@code group:artifact} or {@code group:artifact:version}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Coordinates parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException(
          "%s is not a library: write GROUP:ARTIFACT or GROUP:ARTIFACT:VERSION".formatted(text));
    }
    for (String part : parts) {
      if (!PART.matcher(part).matches()) {
        throw new IllegalArgumentException(
            "%s is not a library: '%s' has characters other than letters, digits, '.', '-' and '_'"
                .formatted(text, part));
      }
    }
    return new Coordinates(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
  }

  /** Whether both are versions of one library. */
  public boolean isSameLibrary(Coordinates other) {
    return group.equals(other.group) && artifact.equals(other.artifact);
  }

  /** The same library in that version. */
  Coordinates in(String chosen) {
    return new Coordinates(group, artifact, chosen);
  }

  /** The shortest text that names the library in {@code caravan add}. */
  public String shortName() {
    return group.equals(CamelNames.GROUP) ? artifact : group + ":" + artifact;
  }

  @Override
  public String toString() {
    return group + ":" + artifact + (version == null ? "" : ":" + version);
  }
}

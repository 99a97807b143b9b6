package dev.caravan.libraries;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The libraries that are in the program's jar. The build lists them. */
public final class Bundled {
  private static final String LIST = "/META-INF/dev/caravan/libraries.txt";

  /**
   * As Maven's dependency:tree writes them: group, artifact, classifier if there is one, version.
   */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "[+|\\\\ -]*([\\w.-]+):([\\w.-]+):jar:(?:([\\w.-]+):)?([\\w.-]+):(?:compile|runtime)\\b.*");

  private final Map<String, Coordinates> libraries = new TreeMap<>();
  private final Set<String> parts = new HashSet<>();

  private Bundled(String list) {
    for (String line : list.lines().toList()) {
      Matcher library = LIBRARY.matcher(line);
      if (library.matches() && library.group(3) != null) {
        parts.add(key(library.group(1), library.group(2)) + ":" + library.group(3));
      } else if (library.matches()) {
        put(new Coordinates(library.group(1), library.group(2), library.group(4)));
      }
    }
  }

  private void put(Coordinates library) {
    libraries.put(key(library.group(), library.artifact()), library);
  }

  /** Those in this program's jar. */
  public static Bundled read() {
    try (InputStream list = Objects.requireNonNull(Bundled.class.getResourceAsStream(LIST), LIST)) {
      return new Bundled(new String(list.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That library as it is in the jar. */
  public Optional<Coordinates> find(String group, String artifact) {
    return Optional.ofNullable(libraries.get(key(group, artifact)));
  }

  /**
   * Whether that part of a library is in the jar, in whichever version.
   *
   * @param classifier such as a processor; empty for the library itself
   */
  boolean has(String group, String artifact, String classifier) {
    return classifier.isEmpty()
        ? find(group, artifact).isPresent()
        : parts.contains(key(group, artifact) + ":" + classifier);
  }

  /** All of them but such parts, by group and artifact. */
  public List<Coordinates> all() {
    return List.copyOf(libraries.values());
  }

  /** The version of Camel in the jar. */
  public String camelVersion() {
    return Objects.requireNonNull(find(CamelNames.GROUP, "camel-main").orElseThrow().version());
  }

  private static String key(String group, String artifact) {
    return group + ":" + artifact;
  }
}

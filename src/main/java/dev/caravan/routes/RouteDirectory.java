package dev.caravan.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The directory of the user's routes: which of its files are some, and what is in them now. */
final class RouteDirectory {
  /** What runs for a user who has no routes yet. */
  private static final String SHIPPED = "log-events.camel.yaml";

  private final Path directory;

  RouteDirectory(Path directory) {
    this.directory = directory;
  }

  /** The text of each route file, by name; the shipped one while there is no directory. */
  Map<String, String> read() throws IOException {
    Map<String, String> found = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      found.put(SHIPPED, shipped());
      return found;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : (Iterable<Path>) entries::iterator) {
        String name = file.getFileName().toString();
        // Hidden ones are an editor's, or what a Kubernetes mount keeps its versions in.
        if (!name.startsWith(".")
            && (name.endsWith(".camel.yaml") || name.endsWith(".java"))
            && Files.isRegularFile(file)) {
          found.put(name, new String(Files.readAllBytes(file), UTF_8));
        }
      }
    }
    return found;
  }

  /** Where a file is. */
  Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public String toString() {
    return "The routes directory " + directory;
  }

  private static String shipped() throws IOException {
    try (InputStream stream =
        RouteDirectory.class.getResourceAsStream("/dev/caravan/defaults/routes/" + SHIPPED)) {
      return new String(Objects.requireNonNull(stream, SHIPPED).readAllBytes(), UTF_8);
    }
  }
}

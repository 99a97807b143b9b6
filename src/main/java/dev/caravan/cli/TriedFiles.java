package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.files.Directory;
import dev.caravan.routes.problem.RouteFileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Files that somebody names to have them tried.
 *
 * @param routes the text of route files and of those that they share, by their names in the routes
 *     directory, wherever they are now
 * @param tests the files of tests
 */
record TriedFiles(Map<String, String> routes, List<Path> tests) {
  /**
   * Reads those of routes.
   *
   * @param resolve where a file is
   * @throws java.nio.file.NoSuchFileException when one is not there
   */
  static TriedFiles named(List<String> files, Function<String, Path> resolve) throws IOException {
    Map<String, String> routes = new LinkedHashMap<>();
    List<Path> tests = new ArrayList<>();
    for (String file : files) {
      Path path = resolve.apply(file);
      if (isOfRoutes(String.valueOf(path.getFileName()))) {
        routes.put(name(path), new String(Files.readAllBytes(path), UTF_8));
      } else {
        tests.add(path);
      }
    }
    return new TriedFiles(routes, tests);
  }

  private static boolean isOfRoutes(String name) {
    return RouteFileNames.include(name) || RouteFileNames.includeShared(name);
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    Path parent = file.getParent();
    return RouteFileNames.isKamelet(name)
            || (parent != null && parent.endsWith(RouteFileNames.SHARED))
        ? RouteFileNames.shared(name)
        : name;
  }

  /** Whether only shared files are named of those of routes. */
  boolean areShared() {
    return !routes.isEmpty() && routes.keySet().stream().allMatch(RouteFileNames::isShared);
  }

  /** The same routes with the tests in a directory. */
  TriedFiles withTestsIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return this;
    }
    return new TriedFiles(
        routes,
        Directory.entries(directory).stream()
            .filter(file -> file.toString().matches(".*\\.ya?ml"))
            .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
            .sorted()
            .toList());
  }
}

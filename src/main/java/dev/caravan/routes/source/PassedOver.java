package dev.caravan.routes.source;

import dev.caravan.files.Directory;
import dev.caravan.routes.problem.RouteFileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Files that look like route files but are not read, and what to do about them. */
final class PassedOver {
  /** Directories of examples to copy and of route tests, in which nothing should run. */
  private static final Set<String> NOT_ROUTES = Set.of("examples", "tests");

  private static final Pattern YAML = Pattern.compile("(?:\\.camel)?\\.ya?ml$");
  private static final Pattern OTHER_LANGUAGE =
      Pattern.compile("(?:\\.camel)?\\.(?:xml|groovy|kts?|js)$");

  private PassedOver() {}

  /** Why a file of that name in the routes directory does nothing; empty for a README, say. */
  static Optional<String> reason(String name) {
    if (RouteFileNames.isKamelet(name)) {
      return Optional.of("a Kamelet is read from routes/shared. Move it there");
    }
    if (YAML.matcher(name).find()) {
      return Optional.of(
          "a route file's name ends in .camel.yaml. Rename it to "
              + YAML.matcher(name).replaceFirst(".camel.yaml"));
    }
    if (OTHER_LANGUAGE.matcher(name).find()) {
      return Optional.of(
          "routes are read in YAML and in Java. Write it as "
              + OTHER_LANGUAGE.matcher(name).replaceFirst(".camel.yaml"));
    }
    return name.endsWith(".jar")
        ? Optional.of("a library is looked for in lib/. Move it there, and start again")
        : Optional.empty();
  }

  /** Why a file of that name in the directory of shared files does nothing. */
  static Optional<String> sharedReason(String name) {
    return name.endsWith(".java")
        ? Optional.of(
            "definitions are shared in YAML. Write it as .camel.yaml or .kamelet.yaml, or put the"
                + " class into a jar in lib/")
        : reason(name);
  }

  /** Files in a directory below the shared one, with why they do nothing. */
  static Map<String, String> inShared(Path directory) {
    return names(directory).stream()
        .filter(RouteFileNames::includeShared)
        .collect(
            Collectors.toMap(
                name -> name, any -> "only files in routes/shared itself count. Move it there"));
  }

  /** Files in a directory below the routes directory, with why they do nothing. */
  static Map<String, String> in(Path directory) {
    if (NOT_ROUTES.contains(String.valueOf(directory.getFileName()))) {
      return Map.of();
    }
    return names(directory).stream()
        .filter(name -> RouteFileNames.include(name) || reason(name).isPresent())
        .filter(name -> !name.startsWith("."))
        .collect(
            Collectors.toMap(
                name -> name,
                name ->
                    "only files in the routes directory itself count. Move it there"
                        + (RouteFileNames.include(name)
                            ? ""
                            : "; and " + reason(name).orElse(""))));
  }

  private static List<String> names(Path directory) {
    try {
      return Directory.entries(directory).stream()
          .map(file -> file.getFileName().toString())
          .toList();
    } catch (IOException e) {
      return List.of(); // nothing is read from there anyway
    }
  }
}

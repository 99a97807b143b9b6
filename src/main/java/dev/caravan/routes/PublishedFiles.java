package dev.caravan.routes;

import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * Which routes run from the route files, for any thread to ask while files are loaded and unloaded.
 */
final class PublishedFiles {
  private volatile List<RouteFile> files = List.of();
  private volatile Map<String, RunningFile> running = Map.of();

  /** Replaces what is published. */
  void are(List<RouteFile> all, Map<String, RunningFile> now) {
    running = now;
    files = List.copyOf(all);
  }

  /** The files and their states, by name. */
  List<RouteFile> files() {
    return files;
  }

  /** The routes of all files. */
  List<RunningRoute> routes() {
    return running.entrySet().stream()
        .flatMap(
            file ->
                file.getValue().routes().running().stream()
                    .map(id -> file.getValue().routes().running(id, file.getKey())))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The running versions of the files, by name. */
  Map<String, String> texts() {
    return texts(file -> file.version().text());
  }

  /** What the running versions use from shared files, by the name of the route file. */
  Map<String, String> sharedTexts() {
    return texts(RunningFile::sharedText);
  }

  private Map<String, String> texts(Function<RunningFile, String> text) {
    Map<String, String> texts = new TreeMap<>();
    running.forEach((name, file) -> texts.put(name, text.apply(file)));
    return texts;
  }

  /** The route of that id; null when it does not run. */
  @Nullable Route route(String id) {
    return running.values().stream()
        .map(file -> file.routes().route(id))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}

package dev.caravan.routes.problem;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The current state of a route file.
 *
 * @param name its path within the routes directory
 * @param routes the ids of its running routes; if it is broken, those of its last good version
 * @param since when its newest version was loaded, or found to be broken
 * @param problem why its newest version does not run, or null when it does
 * @param offers for a shared file: the names it defines, and which route files use each
 */
public record RouteFile(
    String name,
    List<String> routes,
    Instant since,
    @Nullable RouteProblem problem,
    Map<String, List<String>> offers) {

  /** Whether it is one of those that route files share. */
  public boolean isShared() {
    return RouteFileNames.isShared(name);
  }
}

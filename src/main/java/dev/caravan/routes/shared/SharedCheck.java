package dev.caravan.routes.shared;

import dev.caravan.routes.context.RouteLoader;
import dev.caravan.routes.context.RouteSet;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.source.RouteFileContent;
import dev.caravan.routes.source.SharedPart;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Tries a version of a shared file, in contexts that start no route, before any route uses it. */
public final class SharedCheck {
  private final RouteLoader loader;
  private final Predicate<String> runs;

  /**
   * @param runs whether the newest version of a route file runs, by its name
   */
  public SharedCheck(RouteLoader loader, Predicate<String> runs) {
    this.loader = loader;
    this.runs = runs;
  }

  /**
   * Lets Camel read a shared file.
   *
   * @throws Exception when it cannot
   */
  void read(SharedDefinitions shared) throws Exception {
    if (shared.withoutBeans().isBlank()) {
      return;
    }
    RouteSet set = loader.open(shared.file());
    try {
      set.take(List.of(new SharedPart(shared.file(), shared.withoutBeans())));
    } finally {
      set.stop();
    }
  }

  /** Those of the route files that run. */
  Map<String, RouteFileContent> running(Map<String, RouteFileContent> routeFiles) {
    Map<String, RouteFileContent> running = new TreeMap<>(routeFiles);
    running.keySet().removeIf(runs.negate());
    return running;
  }

  /**
   * Builds each route file that would use something else than now.
   *
   * @param now the running files
   * @throws IllegalStateException with a sentence for the author, for the first that could no
   *     longer run
   */
  void use(Map<String, RouteFileContent> now, Map<String, RouteFileContent> then) throws Exception {
    for (Map.Entry<String, RouteFileContent> each : then.entrySet()) {
      String file = each.getKey();
      if (!each.getValue().equals(now.get(file))) {
        RouteSet set = loader.open(file);
        try {
          loader.read(set, file, each.getValue());
          set.build();
        } catch (Exception | LinkageError e) {
          RouteProblem problem = RouteSet.problem(e, each.getValue().text(), set);
          throw new IllegalStateException(
              // without its cause, whose lines are those of another file
              "with it %s could not run (%s)".formatted(file, problem.message()));
        } finally {
          set.stop();
        }
      }
    }
  }

  /** What is wrong with it, in a sentence. */
  RouteProblem problem(Throwable error, String text) {
    return RouteSet.problem(error, text, null);
  }
}

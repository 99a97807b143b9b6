package dev.caravan.routes;

import dev.caravan.routes.context.RouteContexts;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.source.RouteDirectory;
import dev.caravan.webhook.GitHubWebhookEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Route;
import org.apache.camel.model.Model;

/** Checks route files for mistakes, in contexts that start no route. */
public final class RouteCheck {
  private final List<RouteFile> files;
  private final List<RouteFinding> findings = new ArrayList<>();

  /**
   * Loads the files and checks them.
   *
   * @param contexts that do not start what is added to them
   */
  public RouteCheck(RouteContexts contexts, Path directory) {
    if (new RouteDirectory(directory).isMissing()) {
      findings.add(
          new RouteFinding(
              "",
              null,
              "there is no such directory. Until there is, the route that Caravan ships runs, and was checked.",
              true));
    }
    RouteFiles loaded = new RouteFiles(contexts, directory);
    try (loaded) {
      loaded.load();
    } catch (IOException e) {
      findings.add(new RouteFinding("", null, "it " + RouteDirectory.reason(e), false));
    }
    loaded
        .passedOver()
        .forEach(
            (name, why) ->
                findings.add(new RouteFinding(name, null, "it is not read: " + why, true)));
    files = loaded.files();
    for (RouteFile file : files) {
      RouteProblem problem = file.problem();
      if (problem != null) {
        findings.add(new RouteFinding(file.name(), problem.line(), problem.message(), false));
      }
      for (String id : file.routes()) {
        look(file.name(), Objects.requireNonNull(loaded.route(id)));
      }
    }
  }

  /** What was found, file by file. */
  public List<RouteFinding> findings() {
    return List.copyOf(findings);
  }

  /** How many files there are. */
  public int files() {
    return files.size();
  }

  /** How many routes can be built. */
  public int routes() {
    return files.stream().mapToInt(file -> file.routes().size()).sum();
  }

  /** Also finds what only the route's start would report. */
  private void look(String file, Route route) {
    if (route.getEndpoint() instanceof GitHubWebhookEndpoint endpoint) {
      int line = line(route);
      endpoint.doubts().forEach(doubt -> findings.add(new RouteFinding(file, line, doubt, true)));
      try {
        endpoint.claimSubscription(route);
      } catch (IllegalStateException e) {
        findings.add(new RouteFinding(file, line, String.valueOf(e.getMessage()), false));
      }
    }
  }

  private static int line(Route route) {
    return route
        .getCamelContext()
        .getCamelContextExtension()
        .getContextPlugin(Model.class)
        .getRouteDefinition(route.getRouteId())
        .getInput()
        .getLineNumber();
  }
}

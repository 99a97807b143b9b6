package dev.caravan.routes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What runs of each route file: its newest version, or the last good one while that cannot run.
 *
 * <p>One thread at a time loads and unloads; what runs can be asked for meanwhile.
 */
final class LoadedFiles {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.routes");
  private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final CamelContext context;
  private final RouteDirectory directory;
  private final RouteLoader loader;
  private final Map<String, Loaded> loaded = new TreeMap<>();
  private volatile List<RouteFile> files = List.of();

  /** What is known of a file: the version that runs, and the version that was tried last. */
  private record Loaded(
      @Nullable String running,
      List<String> ids,
      RouteText tried,
      @Nullable RouteProblem problem,
      Instant since,
      long triedAt) {}

  LoadedFiles(CamelContext context, RouteDirectory directory) {
    this.context = context;
    this.directory = directory;
    this.loader = new RouteLoader(context);
  }

  /** The files and how each is doing, by name. */
  List<RouteFile> files() {
    return files;
  }

  /** The routes of all files. */
  List<RunningRoute> routes() {
    return files.stream()
        .flatMap(file -> file.routes().stream().map(id -> loader.running(id, file.name())))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The names of all files, broken ones too. */
  List<String> names() {
    return List.copyOf(loaded.keySet());
  }

  /** Whether this version was not tried yet, or deserves it once more. */
  boolean isToBeLoaded(String name, RouteText version) {
    Loaded file = loaded.get(name);
    return file == null || !file.tried().equals(version) || isToBeTriedAgain(file);
  }

  /**
   * What stood in the way of a file of which nothing runs may be gone without the file changing.
   */
  private static boolean isToBeTriedAgain(Loaded file) {
    return file.ids().isEmpty()
        && file.problem() != null
        && System.nanoTime() - file.triedAt() > TRY_AGAIN_NANOS;
  }

  /** Lets a version of a file take the place of the one before; what is wrong with it is logged. */
  void load(String name, RouteText version) {
    Loaded before = loaded.get(name);
    List<String> runningIds = before == null ? List.of() : before.ids();
    List<RouteDefinition> read = List.of();
    try {
      RouteLoader.Parsed parsed = loader.parse(name, version.get());
      read = parsed.routes();
      refuseIdsOfOtherFiles(name, read);
      loader.remove(runningIds);
      List<String> ids = loader.start(parsed);
      put(name, new Loaded(version.text(), ids, version, null, Instant.now(), System.nanoTime()));
      LOG.info("Routes of {} {}: {}.", name, before == null ? "started" : "replaced", ids);
    } catch (Exception e) {
      List<String> kept = restore(name, before);
      RouteProblem problem = problem(e, version.text(), read);
      boolean saidBefore = before != null && problem.equals(before.problem());
      LOG.atLevel(saidBefore ? Level.DEBUG : Level.ERROR)
          .log(
              "{}: {}. {}",
              directory.file(name),
              problem,
              kept.isEmpty()
                  ? "None of its routes runs; deliveries are kept for them."
                  : "Its last good version keeps running: " + kept + ".");
      LOG.debug("Why {} cannot run", name, e);
      Instant since = saidBefore ? before.since() : Instant.now();
      put(name, new Loaded(running(before), kept, version, problem, since, System.nanoTime()));
    }
  }

  private void put(String name, Loaded file) {
    loaded.put(name, file);
    publish();
  }

  private void publish() {
    List<RouteFile> all = new ArrayList<>();
    loaded.forEach(
        (name, file) ->
            all.add(new RouteFile(name, List.copyOf(file.ids()), file.since(), file.problem())));
    files = List.copyOf(all);
  }

  private void refuseIdsOfOtherFiles(String name, List<RouteDefinition> routes) {
    Set<String> own = new HashSet<>();
    for (RouteDefinition route : routes) {
      String id = route.getRouteId();
      if (!own.add(id)) {
        throw new IllegalStateException(
            "two of its routes have the id '%s', the second in line %d"
                .formatted(id, RouteSource.lineOf(route)));
      }
      loaded.forEach(
          (other, file) -> {
            if (!other.equals(name) && file.ids().contains(id)) {
              throw new IllegalStateException(
                  "the id '%s', in line %d, is taken by a route in %s. Give one of them another id"
                      .formatted(id, RouteSource.lineOf(route), other));
            }
          });
    }
  }

  /** Sees to it that the version that ran before runs again; returns its routes. */
  private List<String> restore(String name, @Nullable Loaded before) {
    String running = running(before);
    if (before == null || running == null) {
      return List.of();
    }
    try {
      if (!before.ids().isEmpty() && loader.areRunning(before.ids())) {
        return before.ids();
      }
      loader.remove(before.ids());
      return loader.start(loader.parse(name, running));
    } catch (Exception e) {
      LOG.error(
          "The last good version of {} could not be started again: {}.",
          name,
          problem(e, running, List.of()));
      LOG.debug("Why {} cannot be started again", name, e);
      return List.of();
    }
  }

  private RouteProblem problem(Exception error, String content, List<RouteDefinition> read) {
    return RouteProblem.of(
        error, new RouteSource(content, read), new Placeholders(context, content));
  }

  private static @Nullable String running(@Nullable Loaded before) {
    return before == null ? null : before.running();
  }

  /** Stops the routes of a file that is gone. */
  void unload(String name) {
    Loaded file = Objects.requireNonNull(loaded.remove(name));
    publish();
    try {
      loader.remove(file.ids());
      LOG.info(
          "{} is gone: its routes {} are stopped. Their place in the delivery log is kept.",
          name,
          file.ids());
    } catch (Exception e) {
      LOG.error("The routes {} of {}, which is gone, could not be stopped.", file.ids(), name, e);
    }
  }
}

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
import java.util.concurrent.CancellationException;
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

  /** How often ids of routes have come or gone. */
  private long changes;

  /** What is known of a file: the version that runs, and the version that was tried last. */
  private record Loaded(
      @Nullable String running,
      List<String> ids,
      RouteText tried,
      @Nullable RouteProblem problem,
      boolean lacksAnId,
      Instant since,
      long triedAt,
      long changesThen) {}

  /** A route has the id of one of another file. */
  private static final class IdTakenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    IdTakenException(String message) {
      super(message);
    }
  }

  LoadedFiles(CamelContext context, RouteDirectory directory) {
    this.context = context;
    this.directory = directory;
    this.loader = new RouteLoader(context);
  }

  /** The program is stopping: nothing more is started or replaced. By any thread. */
  void end() {
    loader.end();
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
   * What stood in its way may be gone without the file changing: an id that another file had, or
   * anything else. Where a good version runs, that is not stopped again and again to find out.
   */
  private boolean isToBeTriedAgain(Loaded file) {
    boolean mayHaveItsIds = file.lacksAnId() && file.changesThen() != changes;
    boolean isDue = System.nanoTime() - file.triedAt() > TRY_AGAIN_NANOS;
    return mayHaveItsIds || (file.problem() != null && file.ids().isEmpty() && isDue);
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
      changes++;
      put(name, loaded(version.text(), ids, version, null, false, Instant.now()));
      LOG.info("Routes of {} {}: {}.", name, before == null ? "started" : "replaced", ids);
    } catch (CancellationException e) {
      LOG.debug("{} is left as it is", name, e);
    } catch (Throwable e) { // a connector may lack a class
      List<String> kept = restore(name, before);
      if (!kept.equals(runningIds)) {
        changes++;
      }
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
      put(
          name,
          loaded(running(before), kept, version, problem, e instanceof IdTakenException, since));
    }
  }

  private Loaded loaded(
      @Nullable String running,
      List<String> ids,
      RouteText tried,
      @Nullable RouteProblem problem,
      boolean lacksAnId,
      Instant since) {
    return new Loaded(running, ids, tried, problem, lacksAnId, since, System.nanoTime(), changes);
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
              throw new IdTakenException(
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
    } catch (Throwable e) {
      LOG.error(
          "The last good version of {} could not be started again: {}.",
          name,
          problem(e, running, List.of()));
      LOG.debug("Why {} cannot be started again", name, e);
      return List.of();
    }
  }

  private RouteProblem problem(Throwable error, String content, List<RouteDefinition> read) {
    return RouteProblem.of(
        error, new RouteSource(content, read), new Placeholders(context, content));
  }

  private static @Nullable String running(@Nullable Loaded before) {
    return before == null ? null : before.running();
  }

  /** Stops the routes of a file that is gone. */
  void unload(String name) {
    Loaded file = Objects.requireNonNull(loaded.remove(name));
    changes++;
    publish();
    try {
      loader.remove(file.ids());
      LOG.info(
          "{} is gone: its routes {} are stopped. Their place in the delivery log is kept.",
          name,
          file.ids());
    } catch (CancellationException e) {
      LOG.debug("{} is left as it is", name, e);
    } catch (Throwable e) {
      LOG.error("The routes {} of {}, which is gone, could not be stopped.", file.ids(), name, e);
    }
  }
}

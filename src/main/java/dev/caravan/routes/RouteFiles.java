package dev.caravan.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the routes that run equal to the files of a directory, as far as those can run.
 *
 * <p>The directory is looked at twice a second: that notices every way of changing a file, an
 * editor's rename and a swapped symbolic link included. A change is taken once it has looked the
 * same twice, so that a file still being written is left alone.
 */
public final class RouteFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.routes");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final CamelContext context;
  private final RouteDirectory directory;
  private final long lookEveryMillis;
  private final RouteLoader loader;
  private final Map<String, Loaded> loaded = new TreeMap<>();
  private final Map<String, String> lastSeen = new HashMap<>();
  private volatile List<RouteFile> files = List.of();
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "route-files"));

  /** What is known of a file: the version that runs, and the version that was tried last. */
  private record Loaded(
      @Nullable String running,
      List<String> ids,
      String tried,
      @Nullable RouteProblem problem,
      Instant since,
      long triedAt) {}

  /**
   * @param directory of the files {@code *.camel.yaml} and {@code *.java}; while it is missing, the
   *     routes that the program ships run
   */
  public RouteFiles(CamelContext context, Path directory) {
    this(context, directory, LOOK_EVERY);
  }

  RouteFiles(CamelContext context, Path directory, Duration lookEvery) {
    this.context = context;
    this.directory = new RouteDirectory(directory);
    this.lookEveryMillis = lookEvery.toMillis();
    this.loader = new RouteLoader(context);
  }

  /** Loads every file and begins to watch for changes. What is wrong with a file is logged. */
  public synchronized void start() {
    load();
    ScheduledFuture<?> unused =
        watcher.scheduleWithFixedDelay(
            this::look, lookEveryMillis, lookEveryMillis, TimeUnit.MILLISECONDS);
  }

  /** Loads every file, once. What is wrong with a file is logged. */
  synchronized void load() {
    Map<String, String> found = read();
    found.forEach(this::load);
    lastSeen.putAll(found);
  }

  /** The files and how each is doing, by name. Does not wait for a file that is being loaded. */
  public List<RouteFile> files() {
    return files;
  }

  /** The routes of all files. Does not wait for a file that is being loaded. */
  public List<RunningRoute> routes() {
    return files.stream()
        .flatMap(file -> file.routes().stream().map(id -> loader.running(id, file.name())))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Stops watching; routes run on until their context stops. */
  @Override
  public void close() {
    watcher.shutdownNow();
  }

  private synchronized void look() {
    try {
      Map<String, String> found = read();
      for (String name : List.copyOf(loaded.keySet())) {
        if (!found.containsKey(name) && !lastSeen.containsKey(name)) {
          unload(name);
        }
      }
      found.forEach(
          (name, content) -> {
            Loaded file = loaded.get(name);
            boolean changed =
                file == null || !file.tried().equals(content) || isToBeTriedAgain(file);
            if (changed && content.equals(lastSeen.get(name))) {
              load(name, content);
            }
          });
      lastSeen.clear();
      lastSeen.putAll(found);
    } catch (RuntimeException e) {
      LOG.error("{} could not be looked at; trying again.", directory, e);
    }
  }

  /**
   * What stood in the way of a file of which nothing runs may be gone without the file changing.
   */
  private static boolean isToBeTriedAgain(Loaded file) {
    return file.ids().isEmpty()
        && file.problem() != null
        && System.nanoTime() - file.triedAt() > TRY_AGAIN_NANOS;
  }

  private void load(String name, String content) {
    Loaded before = loaded.get(name);
    List<String> runningIds = before == null ? List.of() : before.ids();
    List<RouteDefinition> read = List.of();
    try {
      RouteLoader.Parsed parsed = loader.parse(name, content);
      read = parsed.routes();
      refuseIdsOfOtherFiles(name, read);
      loader.remove(runningIds);
      List<String> ids = loader.start(parsed);
      put(name, new Loaded(content, ids, content, null, Instant.now(), System.nanoTime()));
      LOG.info("Routes of {} {}: {}.", name, before == null ? "started" : "replaced", ids);
    } catch (Exception e) {
      List<String> kept = restore(name, before);
      RouteProblem problem = problem(e, content, read);
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
      put(name, new Loaded(running(before), kept, content, problem, since, System.nanoTime()));
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

  private void unload(String name) {
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

  private Map<String, String> read() {
    try {
      return directory.read();
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", directory, e.toString());
      return new TreeMap<>(lastSeen);
    }
  }
}

package dev.caravan.routes;

import dev.caravan.routes.context.RouteContexts;
import dev.caravan.routes.context.RouteLoader;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteFileNames;
import dev.caravan.routes.shared.SharedCheck;
import dev.caravan.routes.shared.SharedFiles;
import dev.caravan.routes.source.DirectoryLines;
import dev.caravan.routes.source.RouteDirectory;
import dev.caravan.routes.source.RouteFileContent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Keeps the running routes in step with the files of a directory, as far as those can run.
 *
 * <p>The directory is looked at twice a second: that notices every way of changing a file, an
 * editor's rename and a swapped symbolic link included. A change is taken once it has looked the
 * same twice: a file that is still being written is left alone.
 */
public final class RouteFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.routes");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final RouteDirectory directory;
  private final long lookEveryMillis;
  private final LoadedRouteFiles loaded;
  private final SharedFiles shared;
  private final Map<String, RouteFileContent> lastSeenShared = new HashMap<>();
  private final Map<String, RouteFileContent> lastSeen = new HashMap<>();
  private final DirectoryLines lines;
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "route-files"));

  /**
   * @param contexts makes the contexts that they run in
   * @param directory of the files {@code *.camel.yaml} and {@code *.java}; while it is missing, the
   *     routes that the program ships run
   */
  public RouteFiles(RouteContexts contexts, Path directory) {
    this(contexts, directory, LOOK_EVERY);
  }

  RouteFiles(RouteContexts contexts, Path directory, Duration lookEvery) {
    this(contexts, directory, lookEvery, LOG);
  }

  private RouteFiles(RouteContexts contexts, Path directory, Duration lookEvery, Logger log) {
    this.directory = new RouteDirectory(directory);
    this.lines = new DirectoryLines(this.directory, log);
    this.lookEveryMillis = lookEvery.toMillis();
    RouteLoader loader = new RouteLoader(contexts);
    this.loaded = new LoadedRouteFiles(loader, this.directory, log);
    this.shared = new SharedFiles(this.directory, new SharedCheck(loader, loaded::isGood), log);
  }

  /**
   * A second set of the routes, as they would be with other versions of some files. They are loaded
   * but not watched, and nothing is logged.
   *
   * @param instead the texts of files, by name (of shared ones, their path), in place of what the
   *     directory has; when two files have the same id, or share the same name, these win
   * @throws IOException when not even the names of the files can be read
   */
  public static RouteFiles with(Map<String, String> instead, RouteContexts contexts, Path directory)
      throws IOException {
    RouteFiles files = new RouteFiles(contexts, directory, LOOK_EVERY, NOPLogger.NOP_LOGGER);
    files.load(instead);
    return files;
  }

  private synchronized void load(Map<String, String> instead) throws IOException {
    RouteDirectory.Found found = directory.read();
    Map<String, RouteFileContent> theirs = new TreeMap<>();
    Map<String, RouteFileContent> theirShared = new TreeMap<>();
    instead.forEach(
        (name, text) ->
            (RouteFileNames.isShared(name) ? theirShared : theirs)
                .put(name, RouteFileContent.of(text)));
    found.files().keySet().removeAll(theirs.keySet());
    found.shared().putAll(theirShared);
    Map<String, RouteFileContent> all = new TreeMap<>(found.files());
    all.putAll(theirs);
    shared.take(theirShared, name -> false, all);
    shared.take(found.shared(), name -> false, all);
    shared.with(theirs).forEach(loaded::load);
    shared.with(found.files()).forEach(loaded::load);
  }

  /** Loads every file and begins to watch for changes. What is wrong with a file is logged. */
  public synchronized void start() {
    try {
      load();
    } catch (IOException e) {
      lines.unreadable(e);
    }
    ScheduledFuture<?> unused =
        watcher.scheduleWithFixedDelay(
            this::look, lookEveryMillis, lookEveryMillis, TimeUnit.MILLISECONDS);
  }

  /**
   * Loads every file, once. What is wrong with a file is logged.
   *
   * @throws IOException when not even the names of the files can be read
   */
  synchronized void load() throws IOException {
    RouteDirectory.Found found = directory.read();
    shared.take(found.shared(), name -> true, found.files());
    lastSeenShared.putAll(found.shared());
    Map<String, RouteFileContent> files = shared.with(found.files());
    files.forEach(loaded::load);
    lastSeen.putAll(files);
    lines.passedOver(found.passedOver());
  }

  /** Files that look like route files but are not read, by name, with what to do about each. */
  synchronized Map<String, String> passedOver() {
    return lines.passedOver();
  }

  /** The files and their states, by name. Does not wait for a file that is being loaded. */
  public List<RouteFile> files() {
    return Stream.concat(loaded.published().files().stream(), shared.files().stream()).toList();
  }

  /** The routes of all files. Does not wait for a file that is being loaded. */
  public List<RunningRoute> routes() {
    return loaded.published().routes();
  }

  /** The running versions of the files, by name; for a broken one, the last good version. */
  public Map<String, String> texts() {
    return loaded.published().texts();
  }

  /** The versions of all files in use, shared ones by their path: for {@link #with}. */
  public Map<String, String> inUse() {
    Map<String, String> all = new TreeMap<>(shared.inUse());
    all.putAll(texts());
    return all;
  }

  /** What these use from shared files, by the name of the route file. */
  public Map<String, String> sharedTexts() {
    return loaded.published().sharedTexts();
  }

  /**
   * The text of a file in the directory now.
   *
   * @throws IllegalArgumentException with a sentence for the user when it cannot be read
   */
  public String onDisk(String name) {
    return directory.text(name);
  }

  /** The route of that id; null when it does not run. */
  public @Nullable Route route(String id) {
    return loaded.published().route(id);
  }

  /**
   * The route of that id, for showing; null when it does not run.
   *
   * @throws Exception when Camel cannot describe it
   */
  public @Nullable ShownRoute shown(String id) throws Exception {
    Route route = route(id);
    return route != null && route.getRoute() instanceof RouteDefinition definition
        ? ShownRoute.of(definition, route.getCamelContext())
        : null;
  }

  /** Stops watching; routes run until their contexts stop, except while one is being replaced. */
  @Override
  public void close() {
    loaded.end();
    watcher.shutdownNow();
    try {
      // On an interrupt, Camel stops waiting for a route; two stops at once would disturb each
      // other.
      if (!watcher.awaitTermination(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A route file is still being loaded; stopping anyway.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look() {
    try {
      RouteDirectory.Found read = directory.read();
      takeShared(read);
      Map<String, RouteFileContent> found = shared.with(read.files());
      lines.readable();
      for (String name : loaded.names()) {
        if (!found.containsKey(name) && !lastSeen.containsKey(name)) {
          loaded.unload(name);
        }
      }
      found.forEach(
          (name, version) -> {
            if (version.equals(lastSeen.get(name)) && loaded.isToBeLoaded(name, version)) {
              loaded.load(name, version);
            }
          });
      lastSeen.clear();
      lastSeen.putAll(found);
      lines.passedOver(read.passedOver());
    } catch (IOException e) {
      lines.unreadable(e);
    } catch (RuntimeException | Error e) { // an exception would end the schedule
      LOG.error("{} could not be checked; trying again.", directory, e);
    }
  }

  /**
   * A change in a shared file makes new versions of the route files that use it, once it settles.
   */
  private void takeShared(RouteDirectory.Found read) {
    Map<String, RouteFileContent> settled = new TreeMap<>(read.shared());
    settled.entrySet().removeIf(each -> !each.getValue().equals(lastSeenShared.get(each.getKey())));
    shared.take(
        settled,
        name -> !read.shared().containsKey(name) && !lastSeenShared.containsKey(name),
        read.files());
    lastSeenShared.clear();
    lastSeenShared.putAll(read.shared());
  }
}

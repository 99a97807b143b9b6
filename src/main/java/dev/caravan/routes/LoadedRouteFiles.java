package dev.caravan.routes;

import dev.caravan.routes.context.RouteIds;
import dev.caravan.routes.context.RouteLoader;
import dev.caravan.routes.context.RouteSet;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.source.RouteDirectory;
import dev.caravan.routes.source.RouteFileContent;
import dev.caravan.webhook.SubscriptionTakenException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The running version of each route file: the newest, or the last good one while the newest cannot
 * run.
 *
 * <p>One thread at a time loads and unloads; others may ask meanwhile what runs.
 */
final class LoadedRouteFiles {
  private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final Logger log;
  private final RouteDirectory directory;
  private final RouteLoader loader;
  private final Map<String, Loaded> loaded = new TreeMap<>();
  private final PublishedFiles published = new PublishedFiles();

  /** How often routes have come or gone, and their ids and subscriptions with them. */
  private long changes;

  /** The state of a file: the version that runs, and the version that was tried last. */
  private record Loaded(
      @Nullable RunningFile running,
      RouteFileContent tried,
      @Nullable RouteProblem problem,
      boolean lacksAName,
      Instant since,
      long triedAt,
      long changesThen) {

    List<String> ids() {
      return running == null ? List.of() : running.routes().running();
    }
  }

  /**
   * @param log gets reports of what happens to files
   */
  LoadedRouteFiles(RouteLoader loader, RouteDirectory directory, Logger log) {
    this.log = log;
    this.directory = directory;
    this.loader = loader;
  }

  /** The program is stopping: starts or replaces nothing more. May be called by any thread. */
  void end() {
    loader.end();
  }

  /** The part that any thread may ask. */
  PublishedFiles published() {
    return published;
  }

  /** The names of all files, broken ones too. */
  List<String> names() {
    return List.copyOf(loaded.keySet());
  }

  /** Whether the newest version of a file runs. */
  boolean isGood(String name) {
    Loaded file = loaded.get(name);
    return file != null && file.problem() == null;
  }

  /** Whether this version has not been tried yet, or deserves another try. */
  boolean isToBeLoaded(String name, RouteFileContent version) {
    Loaded file = loaded.get(name);
    return file == null || !file.tried().equals(version) || isToBeTriedAgain(file);
  }

  /**
   * The obstacle may be gone although the file is the same: an id or subscription of another file,
   * or anything else. A good version that runs is not stopped again and again to find out.
   */
  private boolean isToBeTriedAgain(Loaded file) {
    boolean mayHaveItsNames = file.lacksAName() && file.changesThen() != changes;
    boolean isDue = System.nanoTime() - file.triedAt() > TRY_AGAIN_NANOS;
    return mayHaveItsNames || (file.problem() != null && file.ids().isEmpty() && isDue);
  }

  /** Replaces the running version of a file; logs what is wrong with the new one. */
  void load(String name, RouteFileContent version) {
    Loaded before = loaded.get(name);
    RouteSet next = null;
    try {
      next = loader.open(name);
      loader.read(next, name, version);
      RouteIds.refuseTaken(next, idsOfOthers(name));
      if (before != null && before.running() != null) {
        before.running().routes().stop();
      }
      next.start();
      changes++;
      put(name, loaded(new RunningFile(version, next), version, null, false, Instant.now()));
      log.info(
          "Routes of {} {}: {}.", name, before == null ? "started" : "replaced", next.running());
    } catch (CancellationException e) {
      log.debug("{} is left as it is", name, e);
    } catch (Throwable e) { // a connector may lack a class
      RouteProblem problem = RouteSet.problem(e, version.text(), next);
      drop(name, next);
      keep(name, version, before, problem, e);
    }
  }

  /**
   * The new version cannot run: keeps the previous one running, if there is one, or starts it
   * again.
   */
  private void keep(
      String name,
      RouteFileContent version,
      @Nullable Loaded before,
      RouteProblem problem,
      Throwable error) {
    RunningFile kept = before == null ? null : restored(name, before.running());
    if (before != null && before.running() != null && kept == null) {
      changes++;
    }
    boolean saidBefore = before != null && problem.equals(before.problem());
    Instant since = saidBefore ? before.since() : Instant.now();
    Loaded file = loaded(kept, version, problem, lacksAName(error), since);
    log.atLevel(saidBefore ? Level.DEBUG : Level.ERROR)
        .log(
            "{}: {}. {}",
            directory.file(name),
            problem,
            kept == null
                ? "None of its routes runs; deliveries are kept for them."
                : "Its last good version keeps running: " + file.ids() + ".");
    log.debug("Why {} cannot run", name, error);
    put(name, file);
  }

  private static boolean lacksAName(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof RouteIds.TakenException || each instanceof SubscriptionTakenException) {
        return true;
      }
    }
    return false;
  }

  private Loaded loaded(
      @Nullable RunningFile running,
      RouteFileContent tried,
      @Nullable RouteProblem problem,
      boolean lacksAName,
      Instant since) {
    return new Loaded(running, tried, problem, lacksAName, since, System.nanoTime(), changes);
  }

  private void put(String name, Loaded file) {
    loaded.put(name, file);
    publish();
  }

  private void publish() {
    List<RouteFile> all = new ArrayList<>();
    Map<String, RunningFile> running = new TreeMap<>();
    loaded.forEach(
        (name, file) -> {
          all.add(new RouteFile(name, file.ids(), file.since(), file.problem(), Map.of()));
          if (file.running() != null) {
            running.put(name, file.running());
          }
        });
    published.are(all, running);
  }

  private Map<String, List<String>> idsOfOthers(String name) {
    Map<String, List<String>> ids = new TreeMap<>();
    loaded.forEach((other, file) -> ids.put(other, file.ids()));
    ids.remove(name);
    return ids;
  }

  /** The previous version, started again if it was stopped. */
  private @Nullable RunningFile restored(String name, @Nullable RunningFile before) {
    if (before == null || before.routes().isUntouched()) {
      return before;
    }
    RouteSet again = null;
    try {
      before.routes().stop();
      again = loader.open(name);
      loader.read(again, name, before.version());
      again.start();
      return new RunningFile(before.version(), again);
    } catch (Throwable e) {
      log.error(
          "The last good version of {} could not be restarted: {}.",
          name,
          RouteSet.problem(e, before.version().text(), again));
      log.debug("Why {} cannot be started again", name, e);
      drop(name, again);
      return null;
    }
  }

  private void drop(String name, @Nullable RouteSet routes) {
    try {
      if (routes != null) {
        routes.stop();
      }
    } catch (Throwable e) {
      log.debug("What was started of {} could not be stopped", name, e);
    }
  }

  /** Stops the routes of a file that is gone. */
  void unload(String name) {
    Loaded file = Objects.requireNonNull(loaded.remove(name));
    List<String> ids = file.ids();
    changes++;
    publish();
    try {
      if (file.running() != null) {
        file.running().routes().stop();
      }
      log.info(
          "{} was deleted: its routes {} are stopped. Their places in the delivery log are kept.",
          name,
          ids);
    } catch (CancellationException e) {
      log.debug("{} is left as it is", name, e);
    } catch (Throwable e) {
      log.error("The routes {} of {}, which is gone, could not be stopped.", ids, name, e);
    }
  }
}

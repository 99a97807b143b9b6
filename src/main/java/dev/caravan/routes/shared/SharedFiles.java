package dev.caravan.routes.shared;

import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.source.RouteDirectory;
import dev.caravan.routes.source.RouteFileContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the files in {@code routes/shared} offer: the newest version of each, or the last good one
 * while the newest cannot be used, or while the file is gone but still needed.
 *
 * <p>A route file loads what it names, and what that names in turn, into its own Camel context, so
 * nothing reaches a route that did not ask for it. A change of what it uses makes a new version of
 * the route file, which is loaded like an edited one.
 */
public final class SharedFiles {
  private final Logger log;
  private final SharedCheck check;
  private final SharedVersions versions;
  private volatile List<RouteFile> files = List.of();
  private volatile Map<String, String> inUse = Map.of();

  /**
   * The state when files were last tried: once it has changed, failed ones deserve another try.
   * Null when trying did not finish.
   */
  private @Nullable Surroundings surroundings;

  /** The route files at that time, with what they use. */
  private Map<String, RouteFileContent> whole = Map.of();

  /** Everything that decides whether a file can be used. */
  private record Surroundings(
      Map<String, RouteFileContent> found,
      Set<String> gone,
      Map<String, RouteFileContent> routeFiles) {}

  public SharedFiles(RouteDirectory directory, SharedCheck check, Logger log) {
    this.check = check;
    this.log = log;
    this.versions = new SharedVersions(directory::file, log);
  }

  /** The files and their states, by name. */
  public List<RouteFile> files() {
    return files;
  }

  /** The versions in use, by name, each reduced to what it offers. */
  public Map<String, String> inUse() {
    return inUse;
  }

  /**
   * Takes the files as they are now.
   *
   * @param found the files that have settled, by their paths within the routes directory
   * @param gone whether a file is known to be gone, by its path
   * @param routeFiles the route files, without what they use
   */
  public void take(
      Map<String, RouteFileContent> found,
      Predicate<String> gone,
      Map<String, RouteFileContent> routeFiles) {
    Set<String> absent = new TreeSet<>(versions.files());
    absent.removeIf(name -> found.containsKey(name) || !gone.test(name));
    Surroundings now = new Surroundings(Map.copyOf(found), absent, Map.copyOf(routeFiles));
    if (now.equals(surroundings)) {
      return;
    }
    surroundings = null;
    absent.forEach(versions::gone);
    Map<String, RouteFileContent> fresh = new TreeMap<>(found);
    fresh.entrySet().removeIf(file -> versions.isUsed(file.getKey(), file.getValue()));
    use(fresh, routeFiles);
    Map<String, Set<String>> users = offered().users(routeFiles);
    absent.forEach(name -> versions.leave(name, users));
    files = versions.described(users);
    inUse = versions.inUse();
    whole = offered().takenBy(routeFiles);
    surroundings = now;
  }

  /** The route files with what they use. */
  public Map<String, RouteFileContent> with(Map<String, RouteFileContent> routeFiles) {
    return surroundings != null && routeFiles.equals(surroundings.routeFiles())
        ? whole
        : offered().takenBy(routeFiles);
  }

  /**
   * Takes all at once if that works, since a definition may have moved between files; otherwise one
   * by one.
   */
  private void use(Map<String, RouteFileContent> fresh, Map<String, RouteFileContent> routeFiles) {
    List<SharedDefinitions> read = new ArrayList<>();
    fresh.forEach(
        (name, content) -> {
          try {
            SharedDefinitions next = SharedDefinitions.inSharedFile(name, content.get());
            check.read(next);
            read.add(next);
          } catch (Throwable e) { // a connector may lack a class
            refuse(name, content, e);
          }
        });
    if (read.size() > 1) {
      try {
        check(read, routeFiles);
        read.forEach(next -> versions.accept(next, fresh.get(next.file())));
        return;
      } catch (Throwable e) {
        log.debug("{} cannot be used together", fresh.keySet(), e);
      }
    }
    for (SharedDefinitions next : read) {
      RouteFileContent content = Objects.requireNonNull(fresh.get(next.file()));
      try {
        check(List.of(next), routeFiles);
        versions.accept(next, content);
      } catch (Throwable e) {
        refuse(next.file(), content, e);
      }
    }
  }

  private void check(List<SharedDefinitions> next, Map<String, RouteFileContent> routeFiles)
      throws Exception {
    SharedOffer then = versions.offered(next);
    next.forEach(then::refuseNamesOfOthers);
    refuseLosing(next, then, routeFiles);
    Map<String, RouteFileContent> running = check.running(routeFiles);
    check.use(with(running), then.takenBy(running));
  }

  /**
   * Refuses to lose a name that is used: building the route does not always miss it, since an
   * endpoint may be created later.
   */
  private void refuseLosing(
      List<SharedDefinitions> next, SharedOffer then, Map<String, RouteFileContent> routeFiles) {
    Set<String> lost = versions.names(next);
    lost.removeAll(then.names());
    if (lost.isEmpty()) {
      return;
    }
    offered()
        .users(routeFiles)
        .forEach(
            (name, files) -> {
              if (lost.contains(name)) {
                throw new IllegalStateException(
                    "it no longer defines '%s', which %s uses. Bring it back, or take that name out there first"
                        .formatted(name, String.join(", ", files)));
              }
            });
  }

  private void refuse(String name, RouteFileContent content, Throwable error) {
    versions.refuse(name, content, check.problem(error, content.text()));
    log.debug("Why {} cannot be used", name, error);
  }

  private SharedOffer offered() {
    return versions.offered(List.of());
  }
}

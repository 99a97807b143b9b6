package dev.caravan.routes;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * What the files of {@code routes/shared} offer: the newest version of each, or the last good one
 * while that cannot be used, or while the file is gone and others name what was in it.
 *
 * <p>A route file loads what it names into its own Camel context, and what that names in turn; so
 * nothing reaches a route that did not ask for it. A change of what it uses makes a new version of
 * the route file, which is loaded like an edited one.
 */
final class SharedFiles {
  static final String DIRECTORY = "shared";

  private final Logger log;
  private final RouteDirectory directory;
  private final SharedCheck check;
  private final Map<String, Known> known = new TreeMap<>();
  private Map<String, Set<String>> users = Map.of();
  private volatile List<RouteFile> files = List.of();

  /**
   * The state when files were last tried: once it has changed, those that failed deserve another
   * try. Null when that did not finish.
   */
  private @Nullable Surroundings surroundings;

  /** The route files of that time, with what they use. */
  private Map<String, RouteFileContent> whole = Map.of();

  /**
   * What is known about a file.
   *
   * @param good the version in use, or null when there was none that can be used
   * @param tried the newest version; null when the file is gone
   */
  private record Known(
      @Nullable SharedDefinitions good,
      @Nullable RouteFileContent tried,
      @Nullable RouteProblem problem,
      Instant since) {

    boolean isGone() {
      return tried == null;
    }
  }

  /** Everything that decides whether a file can be used. */
  private record Surroundings(
      Map<String, RouteFileContent> found,
      Set<String> gone,
      Map<String, RouteFileContent> routeFiles) {}

  SharedFiles(RouteDirectory directory, SharedCheck check, Logger log) {
    this.directory = directory;
    this.check = check;
    this.log = log;
  }

  /** The files and how each is doing, by name. */
  List<RouteFile> files() {
    return files;
  }

  /**
   * Takes notice of the files as they are now.
   *
   * @param found each that has settled, by its path within the routes directory
   * @param gone whether a file is known to be gone, by its path
   * @param routeFiles the route files, without what they take
   */
  void take(
      Map<String, RouteFileContent> found,
      Predicate<String> gone,
      Map<String, RouteFileContent> routeFiles) {
    Set<String> absent = new TreeSet<>(known.keySet());
    absent.removeIf(name -> found.containsKey(name) || !gone.test(name));
    Surroundings now = new Surroundings(Map.copyOf(found), absent, Map.copyOf(routeFiles));
    if (now.equals(surroundings)) {
      return;
    }
    surroundings = null;
    absent.forEach(this::gone);
    Map<String, RouteFileContent> fresh = new TreeMap<>(found);
    fresh
        .entrySet()
        .removeIf(
            file -> {
              Known before = known.get(file.getKey());
              return before != null
                  && file.getValue().equals(before.tried())
                  && before.problem() == null;
            });
    use(fresh, routeFiles);
    users = users(routeFiles);
    absent.forEach(this::leave);
    publish();
    whole = with(routeFiles);
    surroundings = now;
  }

  /**
   * Takes all of them at once if that works, since one may now offer what another did; otherwise
   * one by one.
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
        read.forEach(next -> accept(next, fresh.get(next.file())));
        return;
      } catch (Throwable e) {
        log.debug("{} cannot be used together", fresh.keySet(), e);
      }
    }
    for (SharedDefinitions next : read) {
      RouteFileContent content = Objects.requireNonNull(fresh.get(next.file()));
      try {
        check(List.of(next), routeFiles);
        accept(next, content);
      } catch (Throwable e) {
        refuse(next.file(), content, e);
      }
    }
  }

  private void check(List<SharedDefinitions> next, Map<String, RouteFileContent> routeFiles)
      throws Exception {
    Map<String, SharedDefinitions> then = offered(next);
    next.forEach(each -> refuseNamesOfOthers(each, then));
    refuseLosing(next, then, routeFiles);
    Map<String, RouteFileContent> running = check.running(routeFiles);
    check.use(with(running), with(running, then));
  }

  private void accept(SharedDefinitions next, @Nullable RouteFileContent content) {
    log.info("{} offers {}.", next.file(), next.names());
    known.put(next.file(), new Known(next, content, null, Instant.now()));
  }

  private void refuse(String name, RouteFileContent content, Throwable error) {
    Known before = known.get(name);
    SharedDefinitions last = before == null ? null : before.good();
    RouteProblem problem = check.problem(error, content.text());
    boolean saidBefore = before != null && problem.equals(before.problem());
    log.atLevel(saidBefore ? Level.DEBUG : Level.ERROR)
        .log(
            "{}: {}. {}",
            directory.file(name),
            problem,
            last == null
                ? "Nothing of it can be used."
                : "Its last good version stays in use: " + last.names() + ".");
    log.debug("Why {} cannot be used", name, error);
    known.put(name, new Known(last, content, problem, saidBefore ? before.since() : Instant.now()));
  }

  private static void refuseNamesOfOthers(
      SharedDefinitions next, Map<String, SharedDefinitions> all) {
    all.forEach(
        (file, other) -> {
          for (String name : next.names()) {
            if (!file.equals(next.file()) && other.names().contains(name)) {
              throw new IllegalStateException(
                  "'%s' is defined in %s as well. Give one of them another name"
                      .formatted(name, file));
            }
          }
        });
  }

  /**
   * Not everything that a route file names is missed while it is built: an endpoint may be created
   * later.
   */
  private void refuseLosing(
      List<SharedDefinitions> next,
      Map<String, SharedDefinitions> then,
      Map<String, RouteFileContent> routeFiles) {
    Set<String> lost = new TreeSet<>();
    for (SharedDefinitions each : next) {
      Known before = known.get(each.file());
      if (before != null && before.good() != null) {
        lost.addAll(before.good().names());
      }
    }
    then.values().forEach(each -> lost.removeAll(each.names()));
    if (lost.isEmpty()) {
      return;
    }
    users(routeFiles)
        .forEach(
            (name, files) -> {
              if (lost.contains(name)) {
                throw new IllegalStateException(
                    "it no longer defines '%s', which %s uses. Bring it back, or take that name out there first"
                        .formatted(name, String.join(", ", files)));
              }
            });
  }

  /** From now on it gives way to existing files. */
  private void gone(String name) {
    Known file = Objects.requireNonNull(known.get(name));
    if (!file.isGone()) {
      known.put(name, new Known(file.good(), null, null, Instant.now()));
    }
  }

  /** A file is gone: what nobody names, and what others now offer, goes with it. */
  private void leave(String name) {
    Known file = Objects.requireNonNull(known.get(name));
    SharedDefinitions left = offered(List.of()).get(name);
    String using = left == null ? "" : using(left);
    if (using.isEmpty()) {
      known.remove(name);
      log.info("{} is gone.", name);
      return;
    }
    RouteProblem problem =
        new RouteProblem(
            "it is gone, and is needed: %s. Bring it back, or take the names out of those"
                .formatted(using),
            null);
    if (!problem.equals(file.problem())) {
      log.error("{}: {}. Until then, or the next start, they run as they did.", name, problem);
      known.put(name, new Known(file.good(), null, problem, Instant.now()));
    }
  }

  /** Who uses what from a file, as in {@code deploy.camel.yaml uses retry}; otherwise empty. */
  private String using(SharedDefinitions good) {
    List<String> using = new ArrayList<>();
    users.forEach(
        (name, files) -> {
          if (good.names().contains(name)) {
            files.forEach(file -> using.add(file + " uses " + name));
          }
        });
    return String.join(", ", using);
  }

  /** The route files with what they use. */
  Map<String, RouteFileContent> with(Map<String, RouteFileContent> routeFiles) {
    return surroundings != null && routeFiles.equals(surroundings.routeFiles())
        ? whole
        : with(routeFiles, offered(List.of()));
  }

  private static Map<String, RouteFileContent> with(
      Map<String, RouteFileContent> routeFiles, Map<String, SharedDefinitions> shared) {
    Map<String, RouteFileContent> whole = new TreeMap<>();
    routeFiles.forEach(
        (file, content) -> {
          Set<String> taken = taken(file, content, shared);
          List<SharedPart> parts = new ArrayList<>();
          shared
              .values()
              .forEach(
                  each -> {
                    Set<String> names = new TreeSet<>(taken);
                    names.retainAll(each.names());
                    if (!names.isEmpty()) {
                      parts.add(each.only(names));
                    }
                  });
          whole.put(file, content.taking(parts));
        });
    return whole;
  }

  /** What a route file names, and what that names; its own definitions come before others. */
  private static Set<String> taken(
      String file, RouteFileContent content, Map<String, SharedDefinitions> shared) {
    Map<String, SharedDefinitions> offered = new HashMap<>();
    shared.values().forEach(each -> each.names().forEach(name -> offered.put(name, each)));
    offered.keySet().removeAll(SharedDefinitions.inRouteFile(file, content.text()).names());
    Deque<String> next = new ArrayDeque<>(SaidNames.in(file, content.text(), offered.keySet()));
    Set<String> taken = new TreeSet<>();
    while (!next.isEmpty()) {
      String name = next.remove();
      if (taken.add(name)) {
        next.addAll(Objects.requireNonNull(offered.get(name)).saidBy(name, offered.keySet()));
      }
    }
    return taken;
  }

  /** The route files that use each name. */
  private Map<String, Set<String>> users(Map<String, RouteFileContent> routeFiles) {
    Map<String, SharedDefinitions> good = offered(List.of());
    Map<String, Set<String>> all = new TreeMap<>();
    routeFiles.forEach(
        (file, content) ->
            taken(file, content, good)
                .forEach(name -> all.computeIfAbsent(name, any -> new TreeSet<>()).add(file)));
    return all;
  }

  /**
   * What each file offers, with these versions of some. One that is gone still offers what is found
   * nowhere else.
   */
  private Map<String, SharedDefinitions> offered(List<SharedDefinitions> next) {
    Map<String, SharedDefinitions> all = new TreeMap<>();
    Map<String, SharedDefinitions> gone = new TreeMap<>();
    known.forEach(
        (name, file) -> {
          if (file.good() != null) {
            (file.isGone() ? gone : all).put(name, file.good());
          }
        });
    next.forEach(each -> all.put(each.file(), each));
    Set<String> names = new TreeSet<>();
    all.values().forEach(each -> names.addAll(each.names()));
    gone.forEach((name, each) -> all.putIfAbsent(name, each.without(names)));
    return all;
  }

  private void publish() {
    Map<String, SharedDefinitions> offered = offered(List.of());
    List<RouteFile> all = new ArrayList<>();
    known.forEach(
        (name, file) -> {
          Map<String, List<String>> offers = new TreeMap<>();
          SharedDefinitions offer = offered.get(name);
          if (offer != null) {
            offer
                .names()
                .forEach(each -> offers.put(each, List.copyOf(users.getOrDefault(each, Set.of()))));
          }
          all.add(new RouteFile(name, List.of(), file.since(), file.problem(), offers));
        });
    files = List.copyOf(all);
  }
}

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

/**
 * What the files of {@code routes/shared} offer: of each its newest version, or the last good one
 * while that cannot be used, or while the file is gone and others name what was in it.
 *
 * <p>A route file takes what it names into its own Camel context, and what that names in its turn;
 * so nothing reaches a route that did not ask for it. A change of what it takes makes another
 * version of the route file, which is loaded like one that was edited.
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
   * What is known of a file.
   *
   * @param good the version in use, or null when there was none that can be used
   * @param tried the newest version; null when the file is gone
   */
  private record Known(
      @Nullable SharedDefinitions good,
      @Nullable RouteFileContent tried,
      @Nullable RouteProblem problem,
      Instant since) {}

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
    found.forEach(
        (name, content) -> {
          Known before = known.get(name);
          if (before == null || !content.equals(before.tried())) {
            known.put(name, version(name, content, before, routeFiles));
          }
        });
    users = users(routeFiles);
    for (String name : List.copyOf(known.keySet())) {
      if (!found.containsKey(name) && gone.test(name)) {
        leave(name);
      }
    }
    publish();
  }

  private Known version(
      String name,
      RouteFileContent content,
      @Nullable Known before,
      Map<String, RouteFileContent> routeFiles) {
    SharedDefinitions last = before == null ? null : before.good();
    try {
      SharedDefinitions next = SharedDefinitions.inSharedFile(name, content.get());
      refuseNamesOfOthers(next);
      check.read(next);
      if (last != null) {
        check.use(next.file(), with(routeFiles), with(routeFiles, instead(next)));
      }
      log.info("{} offers {}.", name, next.names());
      return new Known(next, content, null, Instant.now());
    } catch (Throwable e) { // a connector may lack a class
      RouteProblem problem = check.problem(e, content.text());
      log.error(
          "{}: {}. {}",
          directory.file(name),
          problem,
          last == null
              ? "Nothing of it can be used."
              : "Its last good version stays in use: " + last.names() + ".");
      log.debug("Why {} cannot be used", name, e);
      return new Known(last, content, problem, Instant.now());
    }
  }

  private void refuseNamesOfOthers(SharedDefinitions next) {
    good()
        .forEach(
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

  /** A file that is gone: what nobody names goes with it. */
  private void leave(String name) {
    Known file = Objects.requireNonNull(known.get(name));
    SharedDefinitions good = file.good();
    String using = good == null ? "" : using(good);
    if (using.isEmpty()) {
      known.remove(name);
      log.info("{} is gone.", name);
    } else if (file.tried() != null) {
      RouteProblem problem =
          new RouteProblem(
              "it is gone, and is needed: %s. Bring it back, or take the names out of those"
                  .formatted(using),
              null);
      log.error("{}: {}. Until then, or the next start, they run as they did.", name, problem);
      known.put(name, new Known(good, null, problem, Instant.now()));
    }
  }

  /** Who uses what of a file, as in {@code deploy.camel.yaml uses retry}; else empty. */
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

  /** The route files with what they take. */
  Map<String, RouteFileContent> with(Map<String, RouteFileContent> routeFiles) {
    return with(routeFiles, good());
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
    Map<String, SharedDefinitions> good = good();
    Map<String, Set<String>> all = new TreeMap<>();
    routeFiles.forEach(
        (file, content) ->
            taken(file, content, good)
                .forEach(name -> all.computeIfAbsent(name, any -> new TreeSet<>()).add(file)));
    return all;
  }

  private Map<String, SharedDefinitions> good() {
    Map<String, SharedDefinitions> good = new TreeMap<>();
    known.forEach(
        (name, file) -> {
          if (file.good() != null) {
            good.put(name, file.good());
          }
        });
    return good;
  }

  private Map<String, SharedDefinitions> instead(SharedDefinitions next) {
    Map<String, SharedDefinitions> all = good();
    all.put(next.file(), next);
    return all;
  }

  private void publish() {
    List<RouteFile> all = new ArrayList<>();
    known.forEach(
        (name, file) -> {
          Map<String, List<String>> offers = new TreeMap<>();
          if (file.good() != null) {
            file.good()
                .names()
                .forEach(each -> offers.put(each, List.copyOf(users.getOrDefault(each, Set.of()))));
          }
          all.add(new RouteFile(name, List.of(), file.since(), file.problem(), offers));
        });
    files = List.copyOf(all);
  }
}

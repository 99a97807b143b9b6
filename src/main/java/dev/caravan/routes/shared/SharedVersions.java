package dev.caravan.routes.shared;

import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.source.RouteFileContent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The versions of each shared file: the newest, and the last good one, which is in use. Logs when
 * that changes.
 */
final class SharedVersions {
  private final Logger log;
  private final Function<String, Path> place;
  private final Map<String, Known> known = new TreeMap<>();

  /**
   * The state of a file.
   *
   * @param good the version in use, or null when none could be used
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

  /**
   * @param place gives the path of a file by its name
   */
  SharedVersions(Function<String, Path> place, Logger log) {
    this.place = place;
    this.log = log;
  }

  /** The names of all known files. */
  Set<String> files() {
    return Set.copyOf(known.keySet());
  }

  /** Whether this version of the file is the newest, and in use. */
  boolean isUsed(String name, RouteFileContent content) {
    Known file = known.get(name);
    return file != null && content.equals(file.tried()) && file.problem() == null;
  }

  /**
   * What the files offer, with these versions of some. A file that is gone still offers what no
   * other file does.
   */
  SharedOffer offered(List<SharedDefinitions> next) {
    Map<String, SharedDefinitions> all = new TreeMap<>();
    Map<String, SharedDefinitions> gone = new TreeMap<>();
    known.forEach(
        (name, file) -> {
          if (file.good() != null) {
            (file.isGone() ? gone : all).put(name, file.good());
          }
        });
    next.forEach(each -> all.put(each.file(), each));
    Set<String> names = new SharedOffer(all).names();
    gone.forEach((name, each) -> all.putIfAbsent(name, each.without(names)));
    return new SharedOffer(all);
  }

  /** What the versions in use say of what they offer, by the file's name. */
  Map<String, String> inUse() {
    SharedOffer offered = offered(List.of());
    Map<String, String> texts = new TreeMap<>();
    known
        .keySet()
        .forEach(
            name -> {
              SharedDefinitions offer = offered.of(name);
              if (offer != null && !offer.names().isEmpty()) {
                texts.put(name, offer.only(offer.names()).text());
              }
            });
    return texts;
  }

  /** The names that the versions in use of these files define. */
  Set<String> names(List<SharedDefinitions> files) {
    Set<String> names = new TreeSet<>();
    for (SharedDefinitions each : files) {
      Known before = known.get(each.file());
      if (before != null && before.good() != null) {
        names.addAll(before.good().names());
      }
    }
    return names;
  }

  /** A version is in use from now on. */
  void accept(SharedDefinitions next, @Nullable RouteFileContent content) {
    log.info("{} offers {}.", next.file(), next.names());
    known.put(next.file(), new Known(next, content, null, Instant.now()));
  }

  /** A version cannot be used: the last good one stays. */
  void refuse(String name, RouteFileContent content, RouteProblem problem) {
    Known before = known.get(name);
    SharedDefinitions last = before == null ? null : before.good();
    boolean saidBefore = before != null && problem.equals(before.problem());
    log.atLevel(saidBefore ? Level.DEBUG : Level.ERROR)
        .log(
            "{}: {}. {}",
            place.apply(name),
            problem,
            last == null
                ? "Nothing of it can be used."
                : "Its last good version stays in use: " + last.names() + ".");
    known.put(name, new Known(last, content, problem, saidBefore ? before.since() : Instant.now()));
  }

  /** A file is gone: from now on existing files come before it. */
  void gone(String name) {
    Known file = Objects.requireNonNull(known.get(name));
    if (!file.isGone()) {
      known.put(name, new Known(file.good(), null, null, Instant.now()));
    }
  }

  /** A file is gone: drops what nobody names, or what other files now offer. */
  void leave(String name, Map<String, Set<String>> users) {
    Known file = Objects.requireNonNull(known.get(name));
    SharedDefinitions left = offered(List.of()).of(name);
    String using = left == null ? "" : using(left, users);
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

  /** Who uses what of a file, as in {@code deploy.camel.yaml uses retry}; empty if nobody does. */
  private static String using(SharedDefinitions good, Map<String, Set<String>> users) {
    List<String> using = new ArrayList<>();
    users.forEach(
        (name, files) -> {
          if (good.names().contains(name)) {
            files.forEach(file -> using.add(file + " uses " + name));
          }
        });
    return String.join(", ", using);
  }

  /** The state of each file, with its names and their users. */
  List<RouteFile> described(Map<String, Set<String>> users) {
    SharedOffer offered = offered(List.of());
    List<RouteFile> all = new ArrayList<>();
    known.forEach(
        (name, file) -> {
          Map<String, List<String>> offers = new TreeMap<>();
          SharedDefinitions offer = offered.of(name);
          if (offer != null) {
            offer
                .names()
                .forEach(each -> offers.put(each, List.copyOf(users.getOrDefault(each, Set.of()))));
          }
          all.add(new RouteFile(name, List.of(), file.since(), file.problem(), offers));
        });
    return List.copyOf(all);
  }
}

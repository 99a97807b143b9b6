package dev.caravan.routes.shared;

import dev.caravan.routes.source.RouteFileContent;
import dev.caravan.routes.source.SharedPart;
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
import org.jspecify.annotations.Nullable;

/** What all shared files offer, and what each route file takes. */
final class SharedOffer {
  private final Map<String, SharedDefinitions> files;

  /**
   * @param files what each file offers, by its name
   */
  SharedOffer(Map<String, SharedDefinitions> files) {
    this.files = files;
  }

  /** All names that are offered. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    files.values().forEach(each -> names.addAll(each.names()));
    return names;
  }

  /** What a file offers; null if nothing. */
  @Nullable SharedDefinitions of(String file) {
    return files.get(file);
  }

  /**
   * Refuses a name that another file defines, too.
   *
   * @throws IllegalStateException with a sentence for the author
   */
  void refuseNamesOfOthers(SharedDefinitions one) {
    files.forEach(
        (file, other) -> {
          for (String name : one.names()) {
            if (!file.equals(one.file()) && other.names().contains(name)) {
              throw new IllegalStateException(
                  "'%s' is defined in %s as well. Give one of them another name"
                      .formatted(name, file));
            }
          }
        });
  }

  /** The route files that use each name. */
  Map<String, Set<String>> users(Map<String, RouteFileContent> routeFiles) {
    Map<String, Set<String>> all = new TreeMap<>();
    routeFiles.forEach(
        (file, content) ->
            taken(file, content)
                .forEach(name -> all.computeIfAbsent(name, any -> new TreeSet<>()).add(file)));
    return all;
  }

  /** The route files with what they use. */
  Map<String, RouteFileContent> takenBy(Map<String, RouteFileContent> routeFiles) {
    Map<String, RouteFileContent> whole = new TreeMap<>();
    routeFiles.forEach(
        (file, content) -> {
          Set<String> taken = taken(file, content);
          List<SharedPart> parts = new ArrayList<>();
          files
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

  /** What a route file names, and what that names in turn; its own definitions come first. */
  private Set<String> taken(String file, RouteFileContent content) {
    Map<String, SharedDefinitions> offered = new HashMap<>();
    files.values().forEach(each -> each.names().forEach(name -> offered.put(name, each)));
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
}

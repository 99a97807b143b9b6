package dev.caravan.routes.context;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ids of routes: no two running ones share an id. */
public final class RouteIds {
  private RouteIds() {}

  /** A route has the id of a route in another file. */
  public static final class TakenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TakenException(String message) {
      super(message);
    }
  }

  /**
   * Refuses two routes with the same id, and a route with an id of another file.
   *
   * @param others the ids of running routes, by their file
   */
  public static void refuseTaken(RouteSet routes, Map<String, List<String>> others) {
    Set<String> own = new HashSet<>();
    for (String id : routes.ids()) {
      String line = routes.lineOf(id);
      if (!own.add(id)) {
        throw new IllegalStateException(
            "two of its routes have the id '%s'%s. Give one of them another id"
                .formatted(id, line.isEmpty() ? "" : ", the second" + line));
      }
      others.forEach(
          (other, ids) -> {
            if (ids.contains(id)) {
              throw new TakenException(
                  "the id '%s'%s is taken by a route in %s. Give one of them another id"
                      .formatted(id, line.isEmpty() ? "" : "," + line + ",", other));
            }
          });
    }
  }
}

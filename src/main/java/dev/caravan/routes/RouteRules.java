package dev.caravan.routes;

import dev.caravan.config.WithoutCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.util.StringHelper;

/** What a route file has to have, and what it may not have though Camel reads it. */
final class RouteRules {
  private static final Pattern WITHOUT_DASH =
      Pattern.compile("^(route|from|routeTemplate|templatedRoute|beans):", Pattern.MULTILINE);

  private RouteRules() {}

  /**
   * The ids of a file's routes.
   *
   * @throws IllegalStateException with a sentence for the author
   */
  static List<String> ids(RouteBuilder file) {
    refuse(
        "rest",
        file.getRestCollection().getRests(),
        "it would need a port, and the public one serves the hook path alone. Write from: with a"
            + " component that has a port of its own, such as netty-http");
    List<String> ids = new ArrayList<>();
    for (RouteDefinition route : file.getRouteCollection().getRoutes()) {
      refuseWithoutId(route);
      ids.add(route.getRouteId());
    }
    for (TemplatedRouteDefinition route : file.getTemplatedRouteCollection().getTemplatedRoutes()) {
      if (route.getRouteId() == null) {
        throw new IllegalStateException(
            "templatedRoute has no routeId, and its place in the delivery log needs a name that stays. Write one, for %s"
                .formatted(route.getRouteTemplateRef()));
      }
      ids.add(route.getRouteId());
    }
    return ids;
  }

  /** What to say of a file that can be read and has no routes. */
  static IllegalStateException noRoute(String content) {
    Matcher withoutDash = WITHOUT_DASH.matcher(content);
    return withoutDash.find()
        ? new IllegalStateException(
            "line %d: a route file is a list, and %s: is no item of one. Write - %s: and indent what is under it"
                .formatted(
                    content.substring(0, withoutDash.start()).lines().count() + 1,
                    withoutDash.group(1),
                    withoutDash.group(1)))
        : new IllegalStateException(
            "there is no route in it, so it does nothing: what a file says beside its routes counts for these alone");
  }

  private static void refuse(String what, List<?> found, String reason) {
    if (!found.isEmpty()) {
      throw new IllegalStateException(
          "%s is not taken in a route file: %s".formatted(what, reason));
    }
  }

  private static void refuseWithoutId(RouteDefinition route) {
    if (!route.hasCustomIdAssigned()) {
      throw new IllegalStateException(
          "the route from %s, in line %d, has no id, and its place in the delivery log needs a name that stays. Write one: id: my-route under - route: in YAML, .routeId(\"my-route\") in Java"
              .formatted(
                  route.getInput() == null ? "nowhere" : address(route.getInput()),
                  RouteSource.lineOf(route)));
    }
  }

  /** Without the options, of which one may be a password. */
  private static String address(FromDefinition from) {
    String uri = from.getEndpointUri();
    return WithoutCredentials.of(StringHelper.before(uri, "?", uri));
  }
}

package dev.caravan.routes.context;

import dev.caravan.config.WithoutCredentials;
import dev.caravan.routes.problem.SourceLines;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.util.StringHelper;

/** What a route file must contain, and what it must not contain although Camel would read it. */
final class RouteRules {
  private static final String WEBHOOK = "github-webhook:";

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
      refuseWithoutFrom(route);
      refuseWithoutId(route);
      refuseToWebhook(route);
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

  /**
   * Refuses configurations that do not exist: Camel would ignore them, and the route fail without.
   *
   * @throws IllegalStateException with a sentence for the author
   */
  static void refuseUnknownConfigurations(List<RouteDefinition> routes, CamelContext context) {
    List<String> known =
        context
            .getCamelContextExtension()
            .getContextPlugin(Model.class)
            .getRouteConfigurationDefinitions()
            .stream()
            .map(each -> String.valueOf(each.getId()))
            .toList();
    for (RouteDefinition route : routes) {
      String named = route.getRouteConfigurationId();
      for (String id : named == null ? new String[0] : named.split(",", -1)) {
        if (known.stream().noneMatch(each -> PatternHelper.matchPattern(each, id.strip()))) {
          throw new IllegalStateException(
              "line %d: the route names the routeConfigurationId '%s', which is neither in this file nor in routes/shared"
                  .formatted(Math.max(1, SourceLines.lineOf(route)), id.strip()));
        }
      }
    }
  }

  private static void refuse(String what, List<?> found, String reason) {
    if (!found.isEmpty()) {
      throw new IllegalStateException(
          "%s is not taken in a route file: %s".formatted(what, reason));
    }
  }

  private static void refuseWithoutFrom(RouteDefinition route) {
    FromDefinition from = route.getInput();
    if (from == null) {
      throw new IllegalStateException(
          "line %d: the route has no from. Write from: with uri: and steps: under it"
              .formatted(Math.max(1, route.getLineNumber())));
    }
    if (WEBHOOK.equals(from.getEndpointUri())) {
      throw new IllegalStateException(
          "line %d: github-webhook: names no events. Write github-webhook:* for all, or for instance github-webhook:push,issues.opened"
              .formatted(from.getLineNumber()));
    }
  }

  private static void refuseToWebhook(RouteDefinition route) {
    for (ProcessorDefinition<?> step :
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class)) {
      String uri =
          step instanceof SendDefinition<?> to
              ? to.getEndpointUri()
              : step instanceof ToDynamicDefinition dynamic ? dynamic.getUri() : null;
      if (uri != null && uri.startsWith(WEBHOOK)) {
        throw new IllegalStateException(
            "line %d: github-webhook: can only be read, and stands under from. To call another route, write to: direct:NAME and from: direct:NAME there"
                .formatted(step.getLineNumber()));
      }
    }
  }

  private static void refuseWithoutId(RouteDefinition route) {
    if (!route.hasCustomIdAssigned()) {
      throw new IllegalStateException(
          "the route from %s, in line %d, has no id, and its place in the delivery log needs a name that stays. Write one: id: my-route under - route: in YAML, .routeId(\"my-route\") in Java"
              .formatted(
                  route.getInput() == null ? "nowhere" : address(route.getInput()),
                  SourceLines.lineOf(route)));
    }
  }

  /** An address without its options, since one may be a password. */
  private static String address(FromDefinition from) {
    String uri = from.getEndpointUri();
    return WithoutCredentials.of(StringHelper.before(uri, "?", uri));
  }
}

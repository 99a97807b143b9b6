package dev.caravan.routes;

import dev.caravan.config.WithoutCredentials;
import dev.caravan.webhook.GitHubWebhookConsumer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/** Puts the routes of one file into the Camel context, all or none, and takes them out. */
final class RouteLoader {
  private final CamelContext context;
  private volatile boolean isEnding;

  RouteLoader(CamelContext context) {
    this.context = context;
    context.setSourceLocationEnabled(true); // so that a problem has a line; costs nothing later
    // With that, a log step would otherwise be named by file and line, and no longer by its route.
    context.getGlobalOptions().putIfAbsent(Exchange.LOG_EIP_NAME, "${routeId}");
  }

  /** The program is stopping: what is being loaded or unloaded is left as it is. By any thread. */
  void end() {
    isEnding = true;
  }

  private void refuseIfEnding() {
    if (isEnding) {
      throw new CancellationException("Caravan is stopping");
    }
  }

  /** The routes of a file, read but not running. */
  record Parsed(List<RoutesBuilder> builders, List<RouteDefinition> routes) {
    List<String> ids() {
      return routes.stream().map(RouteDefinition::getRouteId).toList();
    }
  }

  /**
   * Reads a file's routes without touching those that run. Its beans take the place of those of the
   * same names, as Camel does it.
   *
   * @param name ends in a suffix that Camel has a reader for
   * @throws Exception when Camel cannot read it
   */
  Parsed parse(String name, String content) throws Exception {
    if (content.isBlank()) {
      // More likely cut off than meant.
      throw new IllegalStateException("it is empty. To stop its routes, delete the file");
    }
    if (name.endsWith(".java") && ToolProvider.getSystemJavaCompiler() == null) {
      throw new IllegalStateException(
          "this Java runtime has no compiler. Run Caravan with a JDK, or write the route in YAML");
    }
    Resource resource = ResourceHelper.fromString("file:" + name, content);
    Collection<RoutesBuilder> builders =
        PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource));
    List<RouteDefinition> routes = new ArrayList<>();
    for (RoutesBuilder builder : builders) {
      if (builder instanceof RouteBuilder own) {
        own.configureRoutes(context);
        refuseWhatIsNotItsOwn(own);
        for (RouteDefinition route : own.getRouteCollection().getRoutes()) {
          routes.add(withId(route));
        }
      }
    }
    return new Parsed(List.copyOf(builders), List.copyOf(routes));
  }

  /**
   * Starts what was parsed. When one of the routes fails, none of them stays.
   *
   * @return the routes that run; Camel leaves out those whose precondition is false
   * @throws CancellationException when the program is stopping
   */
  List<String> start(Parsed parsed) throws Exception {
    refuseIfEnding();
    try {
      for (RoutesBuilder builder : parsed.builders()) {
        context.addRoutes(builder);
      }
      return parsed.ids().stream().filter(id -> context.getRoute(id) != null).toList();
    } catch (Throwable e) {
      remove(parsed.ids());
      throw e;
    }
  }

  boolean areRunning(List<String> ids) {
    return ids.stream().allMatch(id -> context.getRoute(id) != null);
  }

  /** That route as it runs; null when it does not. */
  @Nullable RunningRoute running(String id, String file) {
    Route route = context.getRoute(id);
    ServiceStatus status = context.getRouteController().getRouteStatus(id);
    return route == null || status == null
        ? null
        : new RunningRoute(
            id,
            file,
            from(route),
            route.getConsumer() instanceof GitHubWebhookConsumer consumer
                ? consumer.subscription()
                : null,
            status.name());
  }

  /** As its author writes it, without what may be a password. */
  private static String from(Route route) {
    return URISupport.sanitizeUri(route.getEndpoint().getEndpointBaseUri())
        .replaceFirst("^github-webhook://", "github-webhook:");
  }

  /**
   * Stops routes, letting what is in work finish, and takes them out.
   *
   * @throws CancellationException when the program is stopping, which stops them all
   */
  void remove(List<String> ids) throws Exception {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    List<String> inOrder = new ArrayList<>(ids);
    // Where deliveries come in is first: what is in work may need the others to finish.
    inOrder.sort(Comparator.comparing(id -> !isFed(context.getRoute(id))));
    for (String id : inOrder) {
      refuseIfEnding();
      if (context.getRoute(id) != null) {
        context.getRouteController().stopRoute(id);
        context.removeRoute(id);
      }
      RouteDefinition definition = model.getRouteDefinition(id);
      if (definition != null) {
        model.removeRouteDefinition(definition);
      }
    }
  }

  private static boolean isFed(@Nullable Route route) {
    return route != null && route.getConsumer() instanceof GitHubWebhookConsumer;
  }

  /**
   * What Camel keeps for the whole context stays when the file is edited or gone, and reaches into
   * the routes of other files.
   */
  private static void refuseWhatIsNotItsOwn(RouteBuilder file) throws Exception {
    if (file instanceof RouteConfigurationBuilder configurations) {
      configurations.configuration();
      refuse(
          "routeConfiguration",
          configurations.getRouteConfigurationCollection().getRouteConfigurations(),
          "Write onException, intercept and their like at the top of each file");
    }
    String plain = "Write a route";
    refuse("routeTemplate", file.getRouteTemplateCollection().getRouteTemplates(), plain);
    refuse("templatedRoute", file.getTemplatedRouteCollection().getTemplatedRoutes(), plain);
    refuse("rest", file.getRestCollection().getRests(), plain);
  }

  private static void refuse(String what, List<?> found, String instead) {
    if (!found.isEmpty()) {
      throw new IllegalStateException(
          "%s is not taken in a route file: it would outlive the file and reach into others. %s"
              .formatted(what, instead));
    }
  }

  private static RouteDefinition withId(RouteDefinition route) {
    if (!route.hasCustomIdAssigned()) {
      throw new IllegalStateException(
          "the route from %s, in line %d, has no id, and its place in the delivery log needs a name that stays. Write one: id: my-route under - route: in YAML, .routeId(\"my-route\") in Java"
              .formatted(
                  route.getInput() == null ? "nowhere" : address(route.getInput()),
                  RouteSource.lineOf(route)));
    }
    return route;
  }

  /** Without the options, of which one may be a password. */
  private static String address(FromDefinition from) {
    String uri = from.getEndpointUri();
    return WithoutCredentials.of(StringHelper.before(uri, "?", uri));
  }
}

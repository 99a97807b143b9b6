package dev.caravan.routes.context;

import dev.caravan.routes.problem.Placeholders;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.problem.SourceLines;
import dev.caravan.routes.source.SharedPart;
import dev.caravan.routes.source.YamlText;
import dev.caravan.webhook.GitHubWebhookConsumer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one version of a file, in a Camel context of their own; all of them run, or none.
 */
public final class RouteSet {
  private final CamelContext context;
  private final BooleanSupplier isEnding;
  private final List<RoutesBuilder> builders = new ArrayList<>();
  private boolean isTouched;
  private final List<RouteDefinition> definitions = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();

  /**
   * @param context started, without routes; this set stops it
   * @param isEnding whether the program is stopping, and everything must stay as it is
   */
  RouteSet(CamelContext context, BooleanSupplier isEnding) {
    this.context = context;
    this.isEnding = isEnding;
    context.setSourceLocationEnabled(true); // gives problems a line; costs nothing later
    // Keeps log steps named by their route; with locations they would be named by file and line.
    context.getGlobalOptions().putIfAbsent(Exchange.LOG_EIP_NAME, "${routeId}");
  }

  /**
   * Reads the routes of a file; none of them runs yet.
   *
   * @param name the file's name, with an ending that Camel can read
   * @throws Exception when Camel cannot read it, or it contains what a route file must not
   */
  void read(String name, String content) throws Exception {
    YamlText yaml = name.endsWith(".yaml") ? new YamlText(content) : null;
    try {
      if (yaml != null) {
        yaml.check();
      }
      load(name, content);
    } catch (UnsupportedOperationException e) {
      throw yaml == null
          ? e
          : new IllegalStateException(yaml.textForParameters().orElse(e.toString()));
    }
  }

  /**
   * Reads what the file uses from shared files; call it before {@link #read}.
   *
   * @throws Exception when Camel cannot read it
   */
  public void take(List<SharedPart> parts) throws Exception {
    for (SharedPart part : parts) {
      for (RoutesBuilder builder : builders(part.file(), part.text())) {
        addConfigurations(builder); // before the routes, which look for them as they are read
        if (builder instanceof RouteBuilder own) {
          own.configureRoutes(context);
        }
        builders.add(builder);
      }
    }
  }

  private void addConfigurations(RoutesBuilder builder) throws Exception {
    if (builder instanceof RouteConfigurationsBuilder configurations) {
      configurations.addRouteConfigurationsToCamelContext(context);
    }
  }

  private Collection<RoutesBuilder> builders(String name, String content) throws Exception {
    Resource resource = ResourceHelper.fromString("file:" + name, content);
    return PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource));
  }

  private void load(String name, String content) throws Exception {
    Collection<RoutesBuilder> read = builders(name, content);
    for (RoutesBuilder builder : read) {
      addConfigurations(builder);
    }
    for (RoutesBuilder builder : read) {
      if (builder instanceof RouteBuilder own) {
        own.configureRoutes(context);
        definitions.addAll(own.getRouteCollection().getRoutes());
        ids.addAll(RouteRules.ids(own));
        for (RouteDefinition route : own.getRouteCollection().getRoutes()) {
          StepRules.check(route, context);
        }
      }
    }
    if (ids.isEmpty()) {
      throw new IllegalStateException(
          "there is no route in it, so it does nothing: what a file says beside its routes counts for these alone");
    }
    builders.addAll(read);
  }

  /** The context in which they run. */
  CamelContext context() {
    return context;
  }

  /** The routes that could be read from the file. */
  List<RouteDefinition> definitions() {
    return definitions;
  }

  /** The ids of the routes that were read, including routes made from templates. */
  List<String> ids() {
    return ids;
  }

  /** The routes that run; Camel leaves out those whose precondition is false. */
  public List<String> running() {
    return ids.stream().filter(id -> context.getRoute(id) != null).toList();
  }

  /**
   * Starts what was read.
   *
   * @throws CancellationException when the program is stopping
   */
  public void start() throws Exception {
    refuseIfEnding();
    RouteRules.refuseUnknownConfigurations(definitions, context);
    for (RoutesBuilder builder : builders) {
      context.addRoutes(builder);
    }
    for (RoutesBuilder builder : builders) {
      context.addTemplatedRoutes(builder);
    }
  }

  /** Builds what was read, as far as possible without starting it. */
  public void build() throws Exception {
    context.setAutoStartup(false);
    start();
  }

  /** Where the last route with that id is: {@code " in line 3"}, or empty. */
  String lineOf(String id) {
    return definitions.stream()
        .filter(route -> id.equals(route.getRouteId()) && SourceLines.lineOf(route) > 0)
        .reduce((first, second) -> second)
        .map(route -> " in line " + SourceLines.lineOf(route))
        .orElse("");
  }

  /** Whether nobody has begun to stop the routes that were started. */
  public boolean isUntouched() {
    return !isTouched && !context.isStopped();
  }

  /** The route of that id; null when it does not run. */
  public @Nullable Route route(String id) {
    return context.getRoute(id);
  }

  /** The state of the route of that id; null when it does not run. */
  public @Nullable RunningRoute running(String id, String file) {
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

  /** Its beginning, as its author writes it, without what may be a password. */
  private static String from(Route route) {
    return URISupport.sanitizeUri(route.getEndpoint().getEndpointBaseUri())
        .replaceFirst("^github-webhook://", "github-webhook:");
  }

  /**
   * Stops the routes and everything that came with them; work in progress finishes first.
   *
   * @throws CancellationException when the program is stopping, which stops all routes
   */
  public void stop() throws Exception {
    isTouched = true;
    List<String> inOrder = new ArrayList<>(running());
    // Routes that receive deliveries first: their work in progress may need the others.
    inOrder.sort(Comparator.comparing(id -> !isFed(context.getRoute(id))));
    for (String id : inOrder) {
      refuseIfEnding();
      context.getRouteController().stopRoute(id);
      context.removeRoute(id);
    }
    refuseIfEnding();
    context.stop();
  }

  private static boolean isFed(@Nullable Route route) {
    return route != null && route.getConsumer() instanceof GitHubWebhookConsumer;
  }

  private void refuseIfEnding() {
    if (isEnding.getAsBoolean()) {
      throw new CancellationException("Caravan is stopping");
    }
  }

  /**
   * What an error says about a file, in a sentence.
   *
   * @param routes the file's; null when the file was not read
   */
  public static RouteProblem problem(Throwable error, String content, @Nullable RouteSet routes) {
    return RouteProblem.of(
        error,
        new SourceLines(content, routes == null ? List.of() : routes.definitions()),
        new Placeholders(routes == null ? null : routes.context(), content));
  }
}

package dev.caravan.receiver;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.ReceivingContext;
import dev.caravan.log.DeliveryLog;
import dev.caravan.webhook.Receiver;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives for the component {@code github-webhook:} of an application that is not Caravan, on a
 * port of its own or on the application's HTTP server.
 *
 * <p>In both cases the receiving route runs in a context of its own, into which nothing of the
 * application's reaches.
 */
public final class ComponentReceiver implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.receiver");
  private static final String ROUTE = "github-webhook-receive";
  private static final String REQUESTS = "github-webhook-requests";

  private final CamelContext application;
  private final Receiving receiving;
  private final @Nullable Processor requests;
  private @Nullable CamelContext receivingContext;
  private boolean isRouted;

  /** Makes receivers. Its name is in {@code META-INF/services}. */
  public static final class Factory implements Receiver.Factory {
    @Override
    public Receiver make(CamelContext application, Map<String, String> options) {
      ComponentSettings settings = new ComponentSettings(application, options);
      return ComponentSettings.inWordsOfTheComponent(
          () -> new ComponentReceiver(application, settings));
    }
  }

  private ComponentReceiver(CamelContext application, ComponentSettings componentSettings) {
    this.application = application;
    Settings settings = componentSettings.settings();
    if (componentSettings.useServerOfApplication()) {
      refuseWhatIsOfTheServer(settings);
    }
    this.receiving = new Receiving(() -> settings, new HookActivity(null, InstantSource.system()));
    this.requests =
        componentSettings.useServerOfApplication()
            ? receiving.ingress().servedByApplication()
            : null;
    try {
      if (requests == null) {
        receiving.ingress().check().certificate();
        receiving.ingress().check().address();
      }
    } catch (RuntimeException | Error e) {
      receiving.close();
      throw e;
    }
    if (receiving.isSecretGenerated()) {
      LOG.warn(
          "No secret is configured for github-webhook: the one in {} is used. Give it to GitHub.",
          receiving.secretFile());
    }
  }

  /** What the application's server does, and what would be ignored silently. */
  private static void refuseWhatIsOfTheServer(Settings settings) {
    for (String key : new String[] {"caravan.allow", "caravan.tls.certificate"}) {
      if (!settings.text(key).isEmpty()) {
        throw new InvalidSettingException(
            key
                + " is set, and does not count while the application's own server takes the"
                + " deliveries. Set it for that server, or take"
                + " camel.component.github-webhook.server = own");
      }
    }
  }

  @Override
  public DeliveryLog log() {
    return receiving.log();
  }

  @Override
  public void open() throws Exception {
    CamelContext context = ReceivingContext.of(receiving.ingress());
    receivingContext = context;
    context.start();
    String path = receiving.ingress().path();
    if (requests == null) {
      receiving.ingress().check().connection();
      LOG.info("GitHub's deliveries are accepted at {}", receiving.url());
    } else {
      application.getRegistry().bind(REQUESTS, requests);
      application.addRoutes(route(path, requests));
      isRouted = true;
      LOG.info("GitHub's deliveries are accepted at {} of the application's server", path);
    }
  }

  /** The requests of the application's server, for the receiving route. */
  private static RouteBuilder route(String path, Processor requests) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("platform-http:" + path + "?httpMethodRestrict=POST&consumes=application/json")
            .routeId(ROUTE)
            .errorHandler(noErrorHandler())
            .process(exchange -> newest(exchange.getContext(), requests).process(exchange));
      }
    };
  }

  /**
   * Spring Boot's server keeps calling the first route of a path, even after the context was
   * stopped and started and another route has replaced it.
   */
  private static Processor newest(CamelContext application, Processor first) {
    Processor newest = application.getRegistry().lookupByNameAndType(REQUESTS, Processor.class);
    return newest == null ? first : newest;
  }

  @Override
  public void stop() {
    CamelContext context = receivingContext;
    if (context != null) {
      receivingContext = null;
      context.stop();
    }
    if (isRouted) {
      isRouted = false;
      removeRoute();
    }
  }

  /** Otherwise it would still be there when the application's context is started again. */
  private void removeRoute() {
    try {
      application.getRouteController().stopRoute(ROUTE);
      application.removeRoute(ROUTE);
    } catch (Exception e) {
      LOG.warn("The route {} could not be taken out of the application", ROUTE, e);
    }
  }

  @Override
  public void close() {
    stop();
    receiving.close();
  }
}

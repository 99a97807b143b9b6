package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.DeliveryLog;
import dev.caravan.webhook.DeliveryOnLogLines;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Camel, configured by our settings. The receiving route is started last and stopped first. */
final class CamelRuntime implements AutoCloseable {
  private final Main main;
  private final StopDeadline deadline;

  private CamelRuntime(Main main, StopDeadline deadline) {
    this.main = main;
    this.deadline = deadline;
  }

  /** Starts Camel without any route. */
  static CamelRuntime start(
      Settings settings, StopDeadline deadline, DeliveryLog log, Ingress ingress) throws Exception {
    Main main = configured(settings);
    main.bind("deliveryLog", log);
    main.init();
    ingress.bindTo(main.getCamelContext().getRegistry());
    return started(main, deadline);
  }

  /** Starts Camel so that routes are built and not started, and connect to nothing. */
  static CamelRuntime withoutStartingRoutes(Settings settings) throws Exception {
    Main main = configured(settings);
    main.configure().withAutoStartup(false).withEndpointLazyStartProducer(true);
    main.init();
    return started(main, StopDeadline.from(settings));
  }

  private static Main configured(Settings settings) {
    Main main = new Main();
    main.setDefaultPropertyPlaceholderLocation("false"); // Settings has read everything already
    main.setOverrideProperties(camelProperties(settings));
    main.bind("filterMailHeaders", new FilterMailHeaders());
    main.configure()
        .withName("caravan")
        .withAutoConfigurationEnvironmentVariablesEnabled(false)
        .withAutoConfigurationSystemPropertiesEnabled(false)
        .withAutoConfigurationLogSummary(false)
        .withRoutesIncludePattern("false") // RouteFiles loads those of the user
        .withStartupRecorder("off");
    return main;
  }

  private static CamelRuntime started(Main main, StopDeadline deadline) throws Exception {
    CamelContext context = main.getCamelContext();
    context.setApplicationContextClassLoader(Thread.currentThread().getContextClassLoader());
    // What a user's own {{key}} means: as for ours, the command line comes before the environment.
    ((PropertiesComponent) context.getPropertiesComponent())
        .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
    context
        .getCamelContextExtension()
        .addInterceptStrategy(new DeliveryOnLogLines(Ingress.ROUTE_ID));
    deadline.applyTo(context);
    main.start();
    return new CamelRuntime(main, deadline);
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  /** Opens the door: from here on deliveries are taken. */
  void startReceiving() throws Exception {
    CamelContext context = context();
    for (RoutesBuilder route :
        PluginHelper.getRoutesLoader(context)
            .findRoutesBuilders(ResourceHelper.resolveMandatoryResource(context, Ingress.ROUTE))) {
      context.addRoutes(route);
    }
  }

  @Override
  public void close() {
    deadline.stop(main);
  }

  /** All but what is not Camel's business: our two ports, and the secrets. */
  private static Properties camelProperties(Settings settings) {
    Properties properties = new Properties();
    settings
        .all()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("camel.server.")
                  && !key.startsWith("camel.management.")
                  && !key.startsWith("caravan.secret")
                  && !key.startsWith("caravan.management.")) {
                properties.setProperty(key, value);
              }
            });
    return properties;
  }
}

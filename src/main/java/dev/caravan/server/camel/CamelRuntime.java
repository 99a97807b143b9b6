package dev.caravan.server.camel;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.RateLimits;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.DeliveryLog;
import dev.caravan.notices.CaravanEventsComponent;
import dev.caravan.notices.Notices;
import dev.caravan.rehearsal.RehearsalContexts;
import dev.caravan.rehearsal.stage.Stage;
import dev.caravan.routes.across.AcrossFiles;
import dev.caravan.routes.context.RouteContexts;
import dev.caravan.tracing.Tracing;
import dev.caravan.webhook.DeliveryOnLogLines;
import dev.caravan.webhook.GitHubWebhookComponent;
import dev.caravan.webhook.outcome.ReportFailures;
import dev.caravan.webhook.payload.PayloadsInCamel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.jspecify.annotations.Nullable;

/**
 * Camel, configured by our settings: a context for the beans of the settings, one for each route
 * file, and one for the receiving route, which is started last and stopped first.
 *
 * <p>Nothing in one of them can reach into another, whatever its author does.
 */
public final class CamelRuntime implements RouteContexts, RehearsalContexts, AutoCloseable {
  private final CamelSettings settings;
  private final StopDeadline deadline;
  private final GitHubWebhookComponent webhook = new GitHubWebhookComponent();
  private final GitHubAuthorization gitHubAuthorization;
  private final Notices notices;
  private final AcrossFiles acrossFiles = new AcrossFiles();
  private final boolean startsRoutes;
  private final CamelContext shared;
  private final Set<CamelContext> opened = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CamelContext receiving;

  private CamelRuntime(
      Settings settings, @Nullable DeliveryLog log, RateLimits limits, Notices notices)
      throws Exception {
    this.settings = new CamelSettings(settings);
    this.notices = notices;
    this.gitHubAuthorization = new GitHubAuthorization(settings, limits);
    this.deadline = StopDeadline.from(settings);
    this.startsRoutes = log != null;
    webhook.setDeliveryLog(log);
    this.shared = context("caravan", webhook, null);
    try {
      ComponentValues.check(settings, shared);
      ScannedPackage.check(shared);
    } catch (InvalidSettingException e) {
      shared.stop();
      throw e;
    }
  }

  /** Starts Camel without any route. */
  public static CamelRuntime start(
      Settings settings, DeliveryLog log, RateLimits limits, Notices notices) throws Exception {
    return new CamelRuntime(settings, log, limits, notices);
  }

  /** Starts Camel in a way that routes are built but not started, and connect to nothing. */
  public static CamelRuntime withoutStartingRoutes(Settings settings) throws Exception {
    return new CamelRuntime(settings, null, new RateLimits(), new Notices());
  }

  @Override
  public CamelContext open(String file) throws Exception {
    opened.removeIf(CamelContext::isStopped);
    return context("caravan-" + file, webhook.forAnotherContext(), shared);
  }

  private CamelContext context(
      String name, GitHubWebhookComponent component, @Nullable CamelContext parent)
      throws Exception {
    ConfiguredContext main = new ConfiguredContext(name, settings, parent);
    if (!startsRoutes) {
      main.configure().withAutoStartup(false).withEndpointLazyStartProducer(true);
    }
    return start(
        main,
        context -> {
          PayloadsInCamel.inEveryBody(context);
          if (startsRoutes) {
            Tracing.in(context);
          }
          context.addComponent("github-webhook", component);
          context.addComponent("caravan-events", new CaravanEventsComponent(notices));
          acrossFiles.connect(context);
          if (parent == null) {
            context.getRegistry().bind("gitHubAuthorization", gitHubAuthorization);
          }
          context.getCamelContextExtension().addInterceptStrategy(new DeliveryOnLogLines());
          context.getManagementStrategy().addEventNotifier(new ReportFailures());
        });
  }

  /** Makes contexts with the same settings and beans from which nothing is sent. */
  @Override
  public RouteContexts on(Stage stage) {
    return file -> {
      opened.removeIf(CamelContext::isStopped);
      return start(
          new ConfiguredContext("rehearsal-" + file, settings, shared, stage::newContext),
          context -> {
            stage.furnish(context);
            context.getRegistry().bind("gitHubAuthorization", new RehearsedAuthorization());
          });
    };
  }

  private CamelContext start(ConfiguredContext main, Consumer<CamelContext> furnish)
      throws Exception {
    main.init(
        context -> {
          furnish.accept(context);
          context.getRegistry().bind("filterMailHeaders", new FilterMailHeaders());
          context
              .getRegistry()
              .bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, Ingress.noOtherPath());
        });
    CamelContext context = main.getCamelContext();
    deadline.applyTo(context);
    opened.add(context);
    try {
      main.start();
    } catch (Exception e) {
      context.stop(); // parts that did start would keep running, more with each try
      throw e;
    }
    return context;
  }

  /**
   * Opens the port: from now on deliveries are accepted.
   *
   * @param context of the receiving route
   * @throws dev.caravan.ingress.port.CannotListenException when nobody answers at the port
   */
  public void startReceiving(Ingress ingress, CamelContext context) throws Exception {
    deadline.applyTo(context);
    receiving = context;
    context.start();
    ingress.check().connection();
  }

  /** Stops the users' routes only: deliveries are still accepted. */
  public void stopRoutes() {
    deadline.stop(null, opened);
    opened.clear();
  }

  @Override
  public void close() {
    deadline.stop(receiving, opened);
  }
}

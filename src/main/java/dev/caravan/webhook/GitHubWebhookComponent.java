package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import dev.caravan.webhook.cloudevents.RecentCloudEvents;
import dev.caravan.webhook.outcome.FailedStep;
import dev.caravan.webhook.payload.JsonOverHttp;
import dev.caravan.webhook.payload.PayloadsInCamel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Endpoint;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.spi.ManagementStrategy;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes the endpoints of {@code github-webhook:} and knows which subscriptions are taken by routes
 * of this program.
 *
 * <p>Its log is the one it is given, or a bean. If there is neither, it receives by itself: the
 * first route that starts opens a log, and once the context has started, deliveries are accepted.
 *
 * <p>Safe for use by many threads once configured.
 */
@Component("github-webhook")
public final class GitHubWebhookComponent extends ReceivingComponent {
  @Metadata(
      label = "advanced",
      description =
          "The delivery log to read. By default the only bean of type dev.caravan.log.DeliveryLog"
              + " in the registry, or else a log of the component's own, for which it receives deliveries.")
  private @Nullable DeliveryLog deliveryLog;

  private final ConcurrentMap<String, String> routesBySubscription;
  private final RecentCloudEvents cloudEvents;
  private @Nullable OwnLog ownLog;

  public GitHubWebhookComponent() {
    this(new ConcurrentHashMap<>(), new RecentCloudEvents());
  }

  private GitHubWebhookComponent(
      ConcurrentMap<String, String> routesBySubscription, RecentCloudEvents cloudEvents) {
    this.routesBySubscription = routesBySubscription;
    this.cloudEvents = cloudEvents;
  }

  /**
   * The same component for another Camel context of this program: it reads the same log, and a
   * subscription taken in one context is taken in the other.
   */
  public GitHubWebhookComponent forAnotherContext() {
    GitHubWebhookComponent other = new GitHubWebhookComponent(routesBySubscription, cloudEvents);
    other.setDeliveryLog(deliveryLog);
    return other;
  }

  public @Nullable DeliveryLog getDeliveryLog() {
    return deliveryLog;
  }

  public void setDeliveryLog(@Nullable DeliveryLog deliveryLog) {
    this.deliveryLog = deliveryLog;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    PayloadsInCamel.loadAgain(getCamelContext());
    // A context that is stopped and started again still has these.
    ManagementStrategy management = getCamelContext().getManagementStrategy();
    if (management.getEventNotifiers().stream().noneMatch(JsonOverHttp.class::isInstance)) {
      management.addEventNotifier(new JsonOverHttp());
    }
    ExtendedCamelContext extended = getCamelContext().getCamelContextExtension();
    if (extended.getInterceptStrategies().stream().noneMatch(FailedStep.class::isInstance)) {
      extended.addInterceptStrategy(new FailedStep());
    }
  }

  /** Else Camel would read a plus as a blank, and no file in {@code src/c++} would ever match. */
  @Override
  public boolean useRawUri() {
    return true;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String events, Map<String, Object> parameters)
      throws Exception {
    GitHubWebhookConfiguration configuration = new GitHubWebhookConfiguration();
    configuration.setEvents(OptionFormat.decoded(events));
    parameters.replaceAll(
        (option, value) -> value instanceof String text ? OptionFormat.decoded(text) : value);
    GitHubWebhookEndpoint endpoint =
        new GitHubWebhookEndpoint(URISupport.normalizeUri(uri), this, configuration);
    OptionFormat.check(parameters);
    setProperties(endpoint, parameters);
    configuration.validate();
    return endpoint;
  }

  @Override
  DeliveryLog log() throws Exception {
    DeliveryLog log =
        deliveryLog != null
            ? deliveryLog
            : getCamelContext().getRegistry().findSingleByType(DeliveryLog.class);
    return log != null ? log : ownLog().log();
  }

  private synchronized OwnLog ownLog() throws Exception {
    OwnLog open = ownLog;
    if (open == null) {
      open = OwnLog.open(getCamelContext(), options());
      ownLog = open;
    }
    return open;
  }

  @Override
  synchronized void isRead() throws Exception {
    if (ownLog != null) {
      ownLog.isRead();
    }
  }

  @Override
  protected void doStop() throws Exception {
    synchronized (this) {
      if (ownLog != null) {
        ownLog.close();
        ownLog = null;
      }
    }
    super.doStop();
  }

  @Override
  RecentCloudEvents cloudEvents() {
    return cloudEvents;
  }

  @Override
  void claim(String subscription, String routeId) {
    String holder = routesBySubscription.putIfAbsent(subscription, routeId);
    if (holder != null) {
      throw new SubscriptionTakenException(
          ("Routes '%s' and '%s' both use the subscription '%s', and would take each other's"
                  + " deliveries. Give one of them a name of its own under parameters, such as"
                  + " subscription: %s")
              .formatted(
                  holder,
                  routeId,
                  subscription,
                  routeId.equals(subscription) ? routeId + "-2" : routeId));
    }
  }

  @Override
  void release(String subscription, String routeId) {
    routesBySubscription.remove(subscription, routeId);
  }
}

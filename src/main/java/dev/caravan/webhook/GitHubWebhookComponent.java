package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * Makes the endpoints of {@code github-webhook:} and knows which subscriptions are taken by routes
 * of this program.
 *
 * <p>Safe for use by many threads once configured.
 */
@Component("github-webhook")
public final class GitHubWebhookComponent extends DefaultComponent {
  @Metadata(
      label = "advanced",
      description =
          "The delivery log to read. By default the only bean of type dev.caravan.log.DeliveryLog"
              + " in the registry.")
  private @Nullable DeliveryLog deliveryLog;

  private final ConcurrentMap<String, String> routesBySubscription;
  private final RecentCloudEvents cloudEvents;

  public GitHubWebhookComponent() {
    this(new ConcurrentHashMap<>(), new RecentCloudEvents());
  }

  private GitHubWebhookComponent(
      ConcurrentMap<String, String> routesBySubscription, RecentCloudEvents cloudEvents) {
    this.routesBySubscription = routesBySubscription;
    this.cloudEvents = cloudEvents;
  }

  /**
   * The same for another Camel context of this program: it reads the same log, and a subscription
   * that is taken in one is taken in the other.
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
    getCamelContext().getManagementStrategy().addEventNotifier(new JsonOverHttp());
    getCamelContext().getCamelContextExtension().addInterceptStrategy(new FailedStep());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String events, Map<String, Object> parameters)
      throws Exception {
    GitHubWebhookConfiguration configuration = new GitHubWebhookConfiguration();
    configuration.setEvents(events);
    GitHubWebhookEndpoint endpoint = new GitHubWebhookEndpoint(uri, this, configuration);
    OptionFormat.check(parameters);
    setProperties(endpoint, parameters);
    configuration.validate();
    return endpoint;
  }

  /**
   * The log this component reads.
   *
   * @throws IllegalStateException with a sentence that says what to do when it has none
   */
  DeliveryLog log() {
    DeliveryLog log =
        deliveryLog != null
            ? deliveryLog
            : getCamelContext().getRegistry().findSingleByType(DeliveryLog.class);
    if (log == null) {
      throw new IllegalStateException(
          "github-webhook: has no delivery log to read: the registry has "
              + getCamelContext().getRegistry().findByType(DeliveryLog.class).size()
              + " beans of type dev.caravan.log.DeliveryLog, and one is needed. Bind one, or name"
              + " it: camel.component.github-webhook.delivery-log = #bean:theName");
    }
    return log;
  }

  /** What is known already of the newest deliveries, whatever route asked for it. */
  RecentCloudEvents cloudEvents() {
    return cloudEvents;
  }

  /**
   * Reserves a subscription's name for a route until {@link #release}.
   *
   * @throws IllegalStateException when another route runs under that name
   */
  void claim(String subscription, String routeId) {
    String holder = routesBySubscription.putIfAbsent(subscription, routeId);
    if (holder != null) {
      throw new IllegalStateException(
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

  /** Frees a name, if that route holds it. */
  void release(String subscription, String routeId) {
    routesBySubscription.remove(subscription, routeId);
  }
}

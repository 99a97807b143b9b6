package dev.caravan.webhook;

import dev.caravan.delivery.Delivery;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.Route;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Receive GitHub webhook deliveries from Caravan's durable delivery log.
 *
 * <p>Routes with the same URI share one endpoint, so nothing of a single route lives here.
 */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "github-webhook",
    title = "GitHub Webhook",
    syntax = "github-webhook:events",
    category = {Category.API, Category.CLOUD},
    consumerOnly = true,
    headersClass = GitHubWebhookConstants.class)
public final class GitHubWebhookEndpoint extends DefaultEndpoint
    implements MultipleConsumersSupport {
  @UriParam private GitHubWebhookConfiguration configuration;

  GitHubWebhookEndpoint(
      String uri, ReceivingComponent component, GitHubWebhookConfiguration configuration) {
    super(uri, component);
    this.configuration = configuration;
  }

  public GitHubWebhookConfiguration getConfiguration() {
    return configuration;
  }

  public void setConfiguration(GitHubWebhookConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public ReceivingComponent getComponent() {
    return (ReceivingComponent) super.getComponent();
  }

  @Override
  public boolean isMultipleConsumersSupported() {
    return true;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "github-webhook: can only be read: write it under from, not under to.");
  }

  /** For {@code pollEnrich}: a subscription belongs to a route, and has its own retries. */
  @Override
  public PollingConsumer createPollingConsumer() {
    throw new UnsupportedOperationException(
        "github-webhook: can only be read under from: it hands out deliveries, and cannot be asked for one.");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    GitHubWebhookConsumer consumer =
        new GitHubWebhookConsumer(this, getComponent(), configuration, processor);
    configureConsumer(consumer);
    return consumer;
  }

  /** A sentence for each event that is probably misspelt. */
  public List<String> doubts() {
    return configuration.doubts();
  }

  /**
   * The option that keeps a delivery from the route although the log would hand it out, as written:
   * {@code branch: main}; null when none does.
   *
   * @throws IllegalArgumentException when its payload is not a JSON object
   */
  public @Nullable String keptAwayBy(Delivery delivery) {
    String option = configuration.payloadFilter().obstacle(delivery);
    return option == null
        ? null
        : option
            + ": "
            + (option.equals("branch") ? configuration.getBranch() : configuration.getPaths());
  }

  /**
   * Reserves the name of a route's subscription, and returns it.
   *
   * @throws IllegalStateException when the route has no name for it, or another route uses the name
   */
  public String claimSubscription(Route route) {
    String name = SubscriptionName.of(route, configuration.getSubscription(), getEndpointUri());
    getComponent().claim(name, route.getRouteId());
    return name;
  }
}

package dev.caravan.webhook;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(GitHubWebhookEndpoint.class);

  @UriParam private GitHubWebhookConfiguration configuration;

  GitHubWebhookEndpoint(
      String uri, GitHubWebhookComponent component, GitHubWebhookConfiguration configuration) {
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
  public GitHubWebhookComponent getComponent() {
    return (GitHubWebhookComponent) super.getComponent();
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

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    GitHubWebhookConsumer consumer = new GitHubWebhookConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    for (String doubt : KnownEvents.doubtsAbout(configuration.filter())) {
      LOG.warn("{}: {}", getEndpointUri(), doubt);
    }
  }
}

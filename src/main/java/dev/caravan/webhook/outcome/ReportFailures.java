package dev.caravan.webhook.outcome;

import dev.caravan.logging.ErrorSentence;
import dev.caravan.logging.LinesAbout;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that every failed exchange leaves a line in the log. The lines of Camel's error
 * handler, with the route's steps and a trace, are off, since a failed attempt has its own line.
 */
public final class ReportFailures extends EventNotifierSupport {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.webhook");
  private static final String PROPERTY = "CamelGitHubWebhookFailures";

  /** Listens to failures only: every other event would cost each exchange something. */
  public ReportFailures() {
    setIgnoreCamelContextEvents(true);
    setIgnoreCamelContextInitEvents(true);
    setIgnoreRouteEvents(true);
    setIgnoreServiceEvents(true);
    setIgnoreStepEvents(true);
    setIgnoreExchangeCreatedEvent(true);
    setIgnoreExchangeCompletedEvent(true);
    setIgnoreExchangeRedeliveryEvents(true);
    setIgnoreExchangeSentEvents(true);
    setIgnoreExchangeSendingEvents(true);
  }

  /** Notes on an attempt's exchange, and thereby on all copies of it, where to report failures. */
  public static void note(FailuresBeside failures, Exchange exchange) {
    exchange.setProperty(PROPERTY, failures);
  }

  @Override
  public boolean isEnabled(CamelEvent event) {
    return event instanceof ExchangeFailedEvent;
  }

  @Override
  public void notify(CamelEvent event) {
    Exchange exchange = ((ExchangeFailedEvent) event).getExchange();
    Throwable cause = exchange.getException();
    if (cause == null) {
      return; // rolled back on purpose
    }
    FailuresBeside failures = exchange.getProperty(PROPERTY, FailuresBeside.class);
    String route = FailuresBeside.route(exchange);
    if (failures != null) {
      failures.add(route, cause);
    } else {
      LinesAbout.NOTHING.during(
          () -> LOG.error("Route \"{}\" failed: {}.", route, ErrorSentence.of(cause)));
    }
  }
}

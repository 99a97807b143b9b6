package dev.caravan.webhook;

import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Says in an HTTP call that a payload is JSON, unless the route says what it is.
 *
 * <p>For the time of the call only: a header that stayed would call the text JSON that a later step
 * makes the body, in the next call or in a mail.
 */
final class JsonContentType extends EventNotifierSupport {
  private static final List<String> HTTP = List.of("http:", "https:", "vertx-http:", "netty-http:");

  /** A text of its own, to tell it from a destination's header that says the same. */
  private static final String OURS = String.valueOf("application/json".toCharArray());

  JsonContentType() {
    setIgnoreCamelContextEvents(true);
    setIgnoreCamelContextInitEvents(true);
    setIgnoreExchangeAsyncProcessingStartedEvents(true);
    setIgnoreExchangeCompletedEvent(true);
    setIgnoreExchangeCreatedEvent(true);
    setIgnoreExchangeFailedEvents(true);
    setIgnoreExchangeRedeliveryEvents(true);
    setIgnoreRouteEvents(true);
    setIgnoreServiceEvents(true);
    setIgnoreStepEvents(true);
  }

  @Override
  public void notify(CamelEvent event) {
    if (event instanceof ExchangeSendingEvent sending) {
      sending(sending.getExchange().getMessage(), sending.getEndpoint());
    } else if (event instanceof ExchangeSentEvent sent) {
      sent(sent.getExchange().getMessage());
    }
  }

  private static void sending(Message message, Endpoint endpoint) {
    if (message.getBody() instanceof JsonBody
        && message.getHeader(Exchange.CONTENT_TYPE) == null
        && isHttp(endpoint)) {
      message.setHeader(Exchange.CONTENT_TYPE, OURS);
    }
  }

  @SuppressWarnings("ReferenceEquality") // ours, and none that reads the same
  private static void sent(Message message) {
    if (message.getHeader(Exchange.CONTENT_TYPE) == OURS) {
      message.removeHeader(Exchange.CONTENT_TYPE);
    }
  }

  private static boolean isHttp(Endpoint endpoint) {
    String uri = endpoint.getEndpointUri();
    return HTTP.stream().anyMatch(uri::startsWith);
  }
}

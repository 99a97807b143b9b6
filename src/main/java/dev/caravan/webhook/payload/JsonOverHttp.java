package dev.caravan.webhook.payload;

import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Posts a payload as JSON of a known length, with the content type of JSON unless the route sets
 * another. Camel would stream it in chunks, which not every server accepts, without a content type.
 *
 * <p>Only for the duration of the call: a header that stayed would mark a later step's text as
 * JSON, in the next call or in a mail.
 */
public final class JsonOverHttp extends EventNotifierSupport {
  private static final List<String> HTTP = List.of("http:", "https:", "vertx-http:", "netty-http:");

  /** A string object of its own, to tell it from a destination's header with the same text. */
  private static final String OURS = String.valueOf("application/json".toCharArray());

  private static final String PROPERTY = "CamelGitHubWebhookSent";

  /** Never compared as a value. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Sent(JsonBody body, byte[] json) {}

  public JsonOverHttp() {
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
      sending(sending.getExchange(), sending.getEndpoint());
    } else if (event instanceof ExchangeSentEvent sent) {
      sent(sent.getExchange());
    }
  }

  private static void sending(Exchange exchange, Endpoint endpoint) {
    Message message = exchange.getMessage();
    if (message.getBody() instanceof JsonBody body && isHttp(endpoint)) {
      Sent sent = new Sent(body, body.toJson());
      exchange.setProperty(PROPERTY, sent);
      message.setBody(sent.json());
      if (message.getHeader(Exchange.CONTENT_TYPE) == null) {
        message.setHeader(Exchange.CONTENT_TYPE, OURS);
      }
    }
  }

  /** Undoes what the answer has not replaced, as when there was none. */
  @SuppressWarnings("ReferenceEquality") // ours, and none that reads the same
  private static void sent(Exchange exchange) {
    if (exchange.removeProperty(PROPERTY) instanceof Sent sent) {
      Message message = exchange.getMessage();
      if (message.getBody() == sent.json()) {
        message.setBody(sent.body());
      }
      if (message.getHeader(Exchange.CONTENT_TYPE) == OURS) {
        message.removeHeader(Exchange.CONTENT_TYPE);
      }
    }
  }

  private static boolean isHttp(Endpoint endpoint) {
    String uri = endpoint.getEndpointUri();
    return HTTP.stream().anyMatch(uri::startsWith);
  }
}

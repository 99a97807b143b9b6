package dev.caravan.ingress;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;

/**
 * The message that the receiving route starts with. Its body is the request's; it has no headers,
 * for what is a header here becomes part of the answer or shadows what GitHub sent.
 */
final class HookMessage extends DefaultMessage {
  private final HookRequest request;

  HookMessage(Exchange exchange, HookRequest request) {
    super(exchange);
    this.request = request;
    setBody(request.body());
  }

  /** The request an exchange of the receiving route is about. */
  static HookRequest requestOf(Exchange exchange) {
    if (exchange.getMessage() instanceof HookMessage message) {
      return message.request;
    }
    throw new IllegalStateException("This step belongs in the receiving route, before any setBody");
  }

  @Override
  public HookMessage newInstance() {
    return new HookMessage(getExchange(), request);
  }
}

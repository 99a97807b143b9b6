package dev.caravan.ingress.route;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.FormBody;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.Rejected;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Refuses a form whose payload is too large. A form may take three times as much on the wire, so
 * its payload's size is known only once it has arrived. Other bodies were limited while they
 * arrived.
 */
public final class LimitPayload implements Processor {
  private final int maxPayload;

  public LimitPayload(int maxPayload) {
    this.maxPayload = maxPayload;
  }

  @Override
  public void process(Exchange exchange) {
    HookRequest request = HookMessage.requestOf(exchange);
    if (request.encoding() == Delivery.Encoding.FORM
        && request.body().length > maxPayload
        && FormBody.payloadLength(request.body()) > maxPayload) {
      throw new Rejected(Answer.TOO_LARGE);
    }
  }
}

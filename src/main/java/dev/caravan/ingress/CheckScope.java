package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import dev.caravan.secrets.LabelledSecret;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets pass what its secret may sign for, and counts that secret's use. */
final class CheckScope implements Processor {
  private final Verification verification;

  CheckScope(Verification verification) {
    this.verification = verification;
  }

  @Override
  public void process(Exchange exchange) {
    HookMessage message = HookMessage.of(exchange);
    Delivery delivery = message.getBody(Delivery.class);
    LabelledSecret secret = verification.entitled(message.request(), message.signer(), delivery);
    if (secret == null) {
      throw Rejected.signature();
    }
    secret.used(delivery.receivedAt());
  }
}

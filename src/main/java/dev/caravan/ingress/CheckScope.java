package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import dev.caravan.secrets.LabelledSecret;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets pass what its secret may sign for, and counts that secret's use. */
final class CheckScope implements Processor {
  private final Verification verification;
  private final Refusals refusals;

  CheckScope(Verification verification, Refusals refusals) {
    this.verification = verification;
    this.refusals = refusals;
  }

  @Override
  public void process(Exchange exchange) {
    HookMessage message = HookMessage.of(exchange);
    Delivery delivery = message.getBody(Delivery.class);
    LabelledSecret secret = verification.entitled(message.request(), message.signer(), delivery);
    if (secret == null) {
      refusals.outOfScope(message.request(), reason(message.signer(), delivery.subject()));
      throw Rejected.signature();
    }
    secret.used(delivery.receivedAt());
  }

  private static String reason(LabelledSecret signer, Delivery.Subject subject) {
    String about =
        subject.repository() != null
            ? "the repository " + subject.repository()
            : subject.organization() != null
                ? "the organisation " + subject.organization()
                : "no repository and no organisation";
    return "it is about %s and signed with the secret '%s', whose scope is '%s'"
        .formatted(about, signer.label(), signer.scope());
  }
}

package dev.caravan.ingress.route;

import dev.caravan.delivery.Ownership;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.ingress.signature.Verification;
import dev.caravan.secrets.LabelledSecret;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets a delivery pass if its secret may sign for it, and notes that the secret was used. */
public final class CheckScope implements Processor {
  private final Verification verification;
  private final UnverifiedRequests refusals;

  public CheckScope(Verification verification, UnverifiedRequests refusals) {
    this.verification = verification;
    this.refusals = refusals;
  }

  @Override
  public void process(Exchange exchange) {
    HookMessage message = HookMessage.of(exchange);
    Ownership ownership = message.ownership();
    LabelledSecret secret = verification.entitled(message.request(), message.signer(), ownership);
    if (secret == null) {
      refusals.outOfScope(message.request(), reason(message.signer(), ownership));
      throw new Rejected(Answer.WRONG_SIGNATURE);
    }
    secret.used(message.request().receivedAt());
  }

  private static String reason(LabelledSecret signer, Ownership ownership) {
    return "it is about %s%s and signed with the secret '%s', whose scope is '%s'"
        .formatted(
            ownership,
            ownership.fault() == null ? "" : ", but " + ownership.fault() + ",",
            signer.label(),
            signer.scope());
  }
}

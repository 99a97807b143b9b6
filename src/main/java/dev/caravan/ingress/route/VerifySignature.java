package dev.caravan.ingress.route;

import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.ingress.signature.Verification;
import dev.caravan.secrets.LabelledSecret;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Lets a request pass if it was signed with one of our secrets: the bytes as they arrived,
 * undecoded.
 */
public final class VerifySignature implements Processor {
  private final Verification verification;
  private final UnverifiedRequests refusals;

  public VerifySignature(Verification verification, UnverifiedRequests refusals) {
    this.verification = verification;
    this.refusals = refusals;
  }

  @Override
  public void process(Exchange exchange) {
    HookMessage message = HookMessage.of(exchange);
    LabelledSecret signer = verification.signer(message.request());
    if (signer == null) {
      refusals.wrongSignature(message.request());
      throw new Rejected(Answer.WRONG_SIGNATURE);
    }
    message.signedBy(signer);
  }
}

package dev.caravan.ingress;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets pass what was signed with one of our secrets: the bytes as they arrived, undecoded. */
final class VerifySignature implements Processor {
  private final Signatures signatures;

  VerifySignature(Signatures signatures) {
    this.signatures = signatures;
  }

  @Override
  public void process(Exchange exchange) {
    HookRequest request = HookMessage.requestOf(exchange);
    if (!signatures.match(
        request.headers().getAll("X-Hub-Signature-256"),
        request.headers().getAll("X-Hub-Signature"),
        request.body())) {
      throw new Rejected(403, "Invalid signature header");
    }
  }
}

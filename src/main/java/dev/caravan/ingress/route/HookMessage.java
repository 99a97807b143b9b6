package dev.caravan.ingress.route;

import dev.caravan.delivery.Ownership;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.secrets.LabelledSecret;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/**
 * The message that the receiving route starts with. Its body is the request's; it has no headers:
 * one could become part of the answer, or shadow what GitHub sent.
 */
final class HookMessage extends DefaultMessage {
  private final HookRequest request;
  private @Nullable LabelledSecret signer;
  private @Nullable Ownership ownership;

  HookMessage(Exchange exchange, HookRequest request) {
    super(exchange);
    this.request = request;
    setBody(request.body());
  }

  /** The message of an exchange of the receiving route. */
  static HookMessage of(Exchange exchange) {
    if (exchange.getMessage() instanceof HookMessage message) {
      return message;
    }
    throw new IllegalStateException("This step belongs in the receiving route, before any setBody");
  }

  /** The request of an exchange of the receiving route. */
  static HookRequest requestOf(Exchange exchange) {
    return of(exchange).request;
  }

  HookRequest request() {
    return request;
  }

  /** Notes the secret that the request was signed with. */
  void signedBy(LabelledSecret secret) {
    signer = secret;
  }

  /** The secret that the request was signed with; known once the signature is verified. */
  LabelledSecret signer() {
    return Objects.requireNonNull(signer, "The signature is not verified yet");
  }

  /** Notes whose the payload is. */
  void isOf(Ownership found) {
    ownership = found;
  }

  /** Whose the payload is; known once it is read. */
  Ownership ownership() {
    return Objects.requireNonNull(ownership, "The payload is not read yet");
  }

  @Override
  public HookMessage newInstance() {
    HookMessage copy = new HookMessage(getExchange(), request);
    copy.signer = signer;
    copy.ownership = ownership;
    return copy;
  }
}

package dev.caravan.ingress.route;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.FormBody;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.GitHubNames;
import dev.caravan.delivery.InvalidPayloadException;
import dev.caravan.delivery.PayloadFacts;
import dev.caravan.delivery.PayloadScan;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.KeptHeaders;
import dev.caravan.ingress.request.Rejected;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns a verified request into a {@link Delivery}, or says why it cannot be one. */
public final class ReadDelivery implements Processor {
  @Override
  public void process(Exchange exchange) {
    HookMessage message = HookMessage.of(exchange);
    ReceivedDelivery received = read(message.request());
    message.isOf(received.ownership());
    message.setBody(received.delivery());
  }

  /**
   * The delivery that a request carries.
   *
   * @throws Rejected when it carries none
   */
  public static ReceivedDelivery read(HookRequest request) {
    String event = only(request, GitHubHeaders.EVENT);
    if (!GitHubNames.isEvent(event)) {
      throw Rejected.malformed(GitHubHeaders.EVENT + " must be 1 to 64 of a-z, 0-9 and _");
    }
    String guid = only(request, GitHubHeaders.DELIVERY);
    if (!GitHubNames.isGuid(guid)) {
      throw Rejected.malformed(GitHubHeaders.DELIVERY + " must be 1 to 64 of A-Z, a-z, 0-9 and -");
    }
    PayloadFacts facts = facts(request, event);
    Delivery delivery =
        new Delivery(
            guid,
            event,
            subject(facts),
            request.receivedAt(),
            KeptHeaders.keep(request.headers()),
            request.encoding(),
            request.body());
    return new ReceivedDelivery(delivery, facts.ownership());
  }

  private static PayloadFacts facts(HookRequest request, String event) {
    byte[] body = request.body();
    try {
      boolean isForm = request.encoding() == Delivery.Encoding.FORM;
      return PayloadScan.read(isForm ? FormBody.payload(body) : body, event);
    } catch (InvalidPayloadException e) {
      throw Rejected.malformed(e.getMessage());
    }
  }

  /** The facts from its payload that a delivery keeps. */
  public static Delivery.Subject subject(PayloadFacts facts) {
    return new Delivery.Subject(
        facts.action(),
        facts.repository(),
        facts.organization(),
        facts.installation(),
        facts.sender(),
        facts.thread());
  }

  private static String only(HookRequest request, String header) {
    List<String> values = request.headers().getAll(header);
    return switch (values.size()) {
      case 0 -> throw Rejected.malformed("Header " + header + " is missing");
      case 1 -> values.get(0);
      default -> throw Rejected.malformed("Header " + header + " is there more than once");
    };
  }
}

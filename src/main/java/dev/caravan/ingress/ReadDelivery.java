package dev.caravan.ingress;

import dev.caravan.delivery.FormBody;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.InvalidPayloadException;
import dev.caravan.delivery.PayloadFacts;
import dev.caravan.delivery.PayloadScan;
import dev.caravan.log.Delivery;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** Turns a verified request into a {@link Delivery}, or says what about it cannot be one. */
final class ReadDelivery implements Processor {
  private static final int LONGEST_NAME = 64;

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
  static ReceivedDelivery read(HookRequest request) {
    String event = only(request, GitHubHeaders.EVENT);
    check(
        event,
        ReadDelivery::isEventLetter,
        GitHubHeaders.EVENT + " must be 1 to 64 of a-z, 0-9 and _");
    String guid = only(request, GitHubHeaders.DELIVERY);
    check(
        guid,
        ReadDelivery::isGuidLetter,
        GitHubHeaders.DELIVERY + " must be 1 to 64 of A-Z, a-z, 0-9 and -");
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

  /** Whether it can be the name of an event, and be printed. */
  static boolean isEvent(@Nullable String name) {
    return name != null && fits(name, ReadDelivery::isEventLetter);
  }

  /** Whether it can be the GUID of a delivery, and be printed. */
  static boolean isGuid(@Nullable String name) {
    return name != null && fits(name, ReadDelivery::isGuidLetter);
  }

  private static PayloadFacts facts(HookRequest request, String event) {
    byte[] body = request.body();
    try {
      boolean isForm = request.encoding() == Delivery.Encoding.FORM;
      return PayloadScan.read(isForm ? FormBody.payload(body) : body, event);
    } catch (InvalidPayloadException e) {
      throw new Rejected(400, e.getMessage());
    }
  }

  /** What a delivery keeps of what its payload says. */
  static Delivery.Subject subject(PayloadFacts facts) {
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
      case 0 -> throw new Rejected(400, "Header " + header + " is missing");
      case 1 -> values.get(0);
      default -> throw new Rejected(400, "Header " + header + " is there more than once");
    };
  }

  private static void check(String name, Letters letters, String rule) {
    if (!fits(name, letters)) {
      throw new Rejected(400, rule);
    }
  }

  private static boolean fits(String name, Letters letters) {
    boolean fits = !name.isEmpty() && name.length() <= LONGEST_NAME;
    for (int index = 0; fits && index < name.length(); index++) {
      fits = letters.include(name.charAt(index));
    }
    return fits;
  }

  private static boolean isEventLetter(char letter) {
    return isDigitOrSmall(letter) || letter == '_';
  }

  private static boolean isGuidLetter(char letter) {
    return isDigitOrSmall(letter) || (letter >= 'A' && letter <= 'Z') || letter == '-';
  }

  private static boolean isDigitOrSmall(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  }

  @FunctionalInterface
  private interface Letters {
    boolean include(char letter);
  }
}

package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import dev.caravan.log.FormBody;
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
    String event = only(request, "X-GitHub-Event");
    check(event, ReadDelivery::isEventLetter, "X-GitHub-Event must be 1 to 64 of a-z, 0-9 and _");
    String guid = only(request, "X-GitHub-Delivery");
    check(
        guid,
        ReadDelivery::isGuidLetter,
        "X-GitHub-Delivery must be 1 to 64 of A-Z, a-z, 0-9 and -");
    PayloadFacts facts = PayloadScan.read(payload(request), event);
    Delivery delivery =
        new Delivery(
            guid,
            event,
            facts.subject(),
            request.receivedAt(),
            GitHubHeaders.keep(request.headers()),
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

  private static byte[] payload(HookRequest request) {
    if (request.encoding() == Delivery.Encoding.JSON) {
      return request.body();
    }
    try {
      return FormBody.payload(request.body());
    } catch (IllegalArgumentException e) {
      throw new Rejected(400, String.valueOf(e.getMessage()));
    }
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

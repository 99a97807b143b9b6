package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.ExpandedSize;
import dev.caravan.delivery.FormBody;
import dev.caravan.delivery.InvalidPayloadException;
import dev.caravan.delivery.PayloadFacts;
import dev.caravan.delivery.PayloadScan;
import dev.caravan.ingress.route.ReadDelivery;
import dev.caravan.webhook.ReadByRoutes;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has one body read by all who read payloads: the ingress, which decides by what it finds whether
 * the delivery is accepted, by whose secret and into which lane; the routes, which act on it; and
 * either as JSON and as a form. What one of them reads, the others must read.
 */
final class ReadersAgree {
  /** Some that are told by marks, by their action, or by nothing; the last is not known. */
  private static final List<String> EVENTS =
      List.of(
          "push",
          "pull_request",
          "issues",
          "issue_comment",
          "check_run",
          "status",
          "organization",
          "installation",
          "ping",
          "any");

  private ReadersAgree() {}

  /**
   * Fails unless they agree.
   *
   * @return whether the ingress would accept it, in one of the two encodings
   */
  static boolean on(byte[] body) {
    byte[] inForm = inForm(body);
    PayloadFacts asJson = scanned(body);
    if (inForm != null) {
      assertThat(asJson).as("read as JSON, where a form is read as well").isNull();
      return scanned(inForm) != null && accepted(inForm, Delivery.Encoding.FORM, body);
    }
    if (asJson != null) {
      byte[] form =
          ("payload=" + URLEncoder.encode(new String(body, UTF_8), UTF_8)).getBytes(UTF_8);
      assertThat(inForm(form)).as("what a form of it holds").isEqualTo(body);
    }
    return asJson != null && accepted(body, Delivery.Encoding.JSON, body);
  }

  private static boolean accepted(byte[] payload, Delivery.Encoding encoding, byte[] body) {
    assertThat(PlainJson.isObject(payload)).as("is a JSON object").isTrue();
    for (String event : EVENTS) {
      Delivery delivery = delivery(payload, event, encoding, body);
      ReadByRoutes.readBeforehand(delivery);
      Map<String, Object> seen = ReadByRoutes.payload(delivery);
      byte[] handedOn = ReadByRoutes.json(seen);
      assertThat(verdict(handedOn, event))
          .as(event + ", said again")
          .isEqualTo(verdict(payload, event));
    }
    Delivery delivery = delivery(payload, "any", encoding, body);
    Map<String, Object> seen = ReadByRoutes.payload(delivery);
    byte[] handedOn = ReadByRoutes.json(seen);
    Delivery next = delivery(handedOn, "any", Delivery.Encoding.JSON, handedOn);
    assertThat(delivery.subject()).as("subject").isEqualTo(new SubjectSeen(seen).get());
    assertThat(ReadByRoutes.payload(next)).as("handed on").isEqualTo(seen);
    Map<String, String> values = ReadByRoutes.values(seen);
    assertThat(ReadByRoutes.outline(delivery, values.keySet())).as("outline").isEqualTo(values);
    assertThat(ExpandedSize.of(payload)).as("room").isGreaterThanOrEqualTo(HeapTaken.by(seen));
    return true;
  }

  /** Under its own event, or one that asks for nothing: the subject is what matters here. */
  private static Delivery delivery(
      byte[] payload, String event, Delivery.Encoding encoding, byte[] body) {
    return new Delivery(
        "0",
        event,
        ReadDelivery.subject(PayloadScan.read(payload, "any")),
        Instant.EPOCH,
        Map.of(),
        encoding,
        body);
  }

  private static @Nullable PayloadFacts scanned(byte[] payload) {
    return verdict(payload, "any") instanceof PayloadFacts facts ? facts : null;
  }

  /** What the ingress finds in it, or the sentence it refuses it with. */
  private static Object verdict(byte[] payload, String event) {
    try {
      return PayloadScan.read(payload, event);
    } catch (InvalidPayloadException e) {
      return e.getMessage();
    }
  }

  /** What a form holds, or null when it is none. */
  private static byte @Nullable [] inForm(byte[] body) {
    byte[] payload;
    try {
      payload = FormBody.payload(body);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String field = new String(body, ISO_8859_1).substring("payload=".length());
    assertThat(payload)
        .as("as the JDK decodes it")
        .isEqualTo(URLDecoder.decode(field, ISO_8859_1).getBytes(ISO_8859_1))
        .as("as long as was foreseen")
        .hasSize(FormBody.payloadLength(body));
    return payload;
  }
}

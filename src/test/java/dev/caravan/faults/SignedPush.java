package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signed delivery whose GUID says which one it is: the number of its lane, which is a repository,
 * and its number within that.
 *
 * @param event every third is an issue's, the others are pushes
 */
@SuppressWarnings("ArrayRecordComponent") // only carried, never compared
record SignedPush(UUID guid, String event, byte[] body, String signature) {
  static final String SECRET = "It's a Secret to Everybody";

  private static final int LANE_SHIFT = 32;

  static SignedPush of(int lane, int number) {
    return of(lane, number, "");
  }

  /** One that is about as long as the text it carries. */
  static SignedPush of(int lane, int number, String text) {
    UUID guid = new UUID(UUID.randomUUID().getMostSignificantBits(), id(lane, number));
    String event = number % 3 == 0 ? "issues" : "push";
    byte[] body =
        """
        {"action":"opened","number":%d,"repository":{"full_name":"acme/repository-%d"},"text":"%s"}"""
            .formatted(number, lane, text)
            .getBytes(UTF_8);
    return signed(guid, event, body);
  }

  private static SignedPush signed(UUID guid, String event, byte[] body) {
    return new SignedPush(guid, event, body, "sha256=" + HexFormat.of().formatHex(hmac(body)));
  }

  /** The same payload as a form in which every byte is encoded: none is longer. */
  SignedPush asLongestForm() {
    ByteArrayOutputStream form = new ByteArrayOutputStream(8 + 3 * body.length);
    form.writeBytes("payload=".getBytes(UTF_8));
    HexFormat hex = HexFormat.of();
    for (byte each : body) {
      form.write('%');
      form.write(hex.toHighHexDigit(each));
      form.write(hex.toLowHexDigit(each));
    }
    return signed(guid, event, form.toByteArray());
  }

  /** The same payload as another delivery: signing a large one takes longer than sending it. */
  SignedPush again(int otherNumber) {
    long id = id(laneOf(guid.toString()), otherNumber);
    return new SignedPush(
        new UUID(UUID.randomUUID().getMostSignificantBits(), id), event, body, signature);
  }

  static int laneOf(String guid) {
    return (int) (UUID.fromString(guid).getLeastSignificantBits() >>> LANE_SHIFT);
  }

  static int numberOf(String guid) {
    return (int) UUID.fromString(guid).getLeastSignificantBits();
  }

  boolean isPush() {
    return event.equals("push");
  }

  HttpRequest to(URI hook) {
    return HttpRequest.newBuilder(hook)
        .header("Content-Type", contentType())
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", guid.toString())
        .header("X-Hub-Signature-256", signature)
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  /** The head of a request by hand, for tests that are slow or many on purpose. */
  byte[] head(URI hook) {
    return """
    POST %s HTTP/1.1\r
    Host: %s\r
    Content-Type: %s\r
    Content-Length: %d\r
    X-GitHub-Event: %s\r
    X-GitHub-Delivery: %s\r
    X-Hub-Signature-256: %s\r
    \r
    """
        .formatted(
            hook.getPath(), hook.getAuthority(), contentType(), body.length, event, guid, signature)
        .getBytes(UTF_8);
  }

  private String contentType() {
    return body[0] == '{' ? "application/json" : "application/x-www-form-urlencoded";
  }

  private static long id(int lane, int number) {
    return (long) lane << LANE_SHIFT | number;
  }

  private static byte[] hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

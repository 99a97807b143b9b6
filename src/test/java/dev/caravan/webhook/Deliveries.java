package dev.caravan.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.Delivery.Encoding;
import dev.caravan.delivery.Delivery.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Deliveries as the ingress makes them of what GitHub posts, signed with {@link #SECRET}. */
public final class Deliveries {
  public static final String SECRET = "It's a Secret to Everybody";
  public static final Instant RECEIVED_AT = Instant.parse("2026-03-04T05:06:07Z");

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private Deliveries() {}

  /** Whose hook has the content type application/json. */
  public static Delivery json(String event, String payload) {
    return delivery(event, payload, Encoding.JSON, payload.getBytes(UTF_8), "application/json");
  }

  /** Whose hook has the content type application/x-www-form-urlencoded. */
  public static Delivery form(String event, String payload) {
    byte[] body = ("payload=" + URLEncoder.encode(payload, UTF_8)).getBytes(UTF_8);
    return delivery(event, payload, Encoding.FORM, body, "application/x-www-form-urlencoded");
  }

  /** What GitHub writes into X-Hub-Signature-256. */
  public static String signature256(byte[] body) {
    return "sha256=" + hmac("HmacSHA256", body);
  }

  private static Delivery delivery(
      String event, String payload, Encoding encoding, byte[] body, String contentType) {
    String guid = UUID.randomUUID().toString();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-GitHub-Event", event);
    headers.put("X-GitHub-Delivery", guid);
    headers.put("X-GitHub-Hook-ID", "292430182");
    headers.put("X-GitHub-Hook-Installation-Target-ID", "79929171");
    headers.put("X-GitHub-Hook-Installation-Target-Type", "repository");
    headers.put("X-Hub-Signature", "sha1=" + hmac("HmacSHA1", body));
    headers.put("X-Hub-Signature-256", signature256(body));
    headers.put("Content-Type", contentType);
    return new Delivery(guid, event, subject(payload), RECEIVED_AT, headers, encoding, body);
  }

  private static Subject subject(String payload) {
    try {
      JsonNode json = JSON.readTree(payload);
      return new Subject(
          text(json.path("action")),
          text(json.path("repository").path("full_name")),
          text(json.path("organization").path("login")),
          text(json.path("installation").path("id")),
          text(json.path("sender").path("login")),
          text(json.path("ref")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isValueNode() ? node.asText() : null;
  }

  private static String hmac(String algorithm, byte[] body) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), algorithm));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

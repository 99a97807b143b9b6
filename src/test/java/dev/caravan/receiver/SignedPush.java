package dev.caravan.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A push event as GitHub posts it. */
final class SignedPush {
  static final String SECRET = "a secret of sixteen";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private SignedPush() {}

  /** Posts one, and returns the status and the text of the answer. */
  static String post(String url, String ref) {
    return post(url, ref, "application/json", SECRET);
  }

  /** Posts one of any type, signed with any secret. */
  static String post(String url, String ref, String contentType, String secret) {
    byte[] payload =
        """
        {"ref":"%s","head_commit":null,"repository":{"full_name":"acme/rocket"}}"""
            .formatted(ref)
            .getBytes(UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", contentType)
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + hmac(secret, payload))
            .POST(HttpRequest.BodyPublishers.ofByteArray(payload))
            .build();
    return send(request, true);
  }

  /** The status of a request that is no delivery. */
  static String statusOfGet(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).build(), false);
  }

  private static String send(HttpRequest request, boolean withText) {
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + (withText ? " " + answer.body() : "");
    } catch (IOException e) {
      return "no answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static String hmac(String secret, byte[] payload) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(payload));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

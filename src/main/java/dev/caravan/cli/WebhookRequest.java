package dev.caravan.cli;

import dev.caravan.delivery.GitHubHeaders;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A signed delivery in GitHub's form, to post under any number of GUIDs. */
final class WebhookRequest {
  // GitHub waits this long too.
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The hook of the samples. */
  static final String HOOK = "480000001";

  // The repository of the samples.
  private static final String REPOSITORY = "900000001";

  private final URI target;
  private final HttpRequest.Builder request;

  private WebhookRequest(
      URI target, String event, String contentType, byte[] body, SigningSecret secret) {
    this.target = target;
    this.request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("User-Agent", "GitHub-Hookshot/caravan")
            .header("Accept", "*/*")
            .header("Content-Type", contentType)
            .header(GitHubHeaders.EVENT, event)
            .header(GitHubHeaders.HOOK_ID, HOOK)
            .header(GitHubHeaders.TARGET_ID, REPOSITORY)
            .header(GitHubHeaders.TARGET_TYPE, "repository")
            .header(GitHubHeaders.SIGNATURE, secret.sign("sha1", body))
            .header(GitHubHeaders.SIGNATURE_256, secret.sign("sha256", body))
            .POST(BodyPublishers.ofByteArray(body));
  }

  /** With the payload itself as its body. */
  static WebhookRequest json(URI target, String event, byte[] payload, SigningSecret secret) {
    return new WebhookRequest(target, event, "application/json", payload, secret);
  }

  /** With the payload as the only field of a form, GitHub's other content type. */
  static WebhookRequest form(URI target, String event, byte[] payload, SigningSecret secret) {
    // A char for each byte keeps even a payload that is not UTF-8.
    String bytes = new String(payload, StandardCharsets.ISO_8859_1);
    String form = "payload=" + URLEncoder.encode(bytes, StandardCharsets.ISO_8859_1);
    return new WebhookRequest(
        target,
        event,
        "application/x-www-form-urlencoded",
        form.getBytes(StandardCharsets.US_ASCII),
        secret);
  }

  URI target() {
    return target;
  }

  /** The request for one delivery. Safe to call from several threads. */
  HttpRequest as(String delivery) {
    return request.copy().setHeader(GitHubHeaders.DELIVERY, delivery).build();
  }
}

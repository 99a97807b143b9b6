package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.secrets.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A delivery as GitHub posts it, which a test then spoils where it wants to. */
final class Post {
  private static final HttpClient HTTP_1 = client(HttpClient.Version.HTTP_1_1);
  private static final HttpClient HTTP_2 = HttpsClients.http2();

  final String guid = UUID.randomUUID().toString();
  private final List<String> headers = new ArrayList<>();
  private byte[] body;
  private String method = "POST";
  private String path = "/hooks/handle_github";
  private boolean chunked;
  private boolean expectContinue;
  private HttpClient client = HTTP_1;

  private Post(String contentType, byte[] body) {
    this.body = body;
    header("Content-Type", contentType);
    header("X-GitHub-Event", "push");
    header("X-GitHub-Delivery", guid);
    sign();
  }

  static Post json(String payload) {
    return json(payload.getBytes(UTF_8));
  }

  static Post json(byte[] payload) {
    return new Post("application/json", payload);
  }

  static Post form(String payload) {
    return formBody("payload=" + URLEncoder.encode(payload, UTF_8));
  }

  static Post formBody(String body) {
    return new Post("application/x-www-form-urlencoded", body.getBytes(UTF_8));
  }

  private void sign() {
    with("X-Hub-Signature-256", signature(body));
  }

  static String signature(byte[] body) {
    return signature(HookServer.SECRET, body);
  }

  static String signature(String secret, byte[] body) {
    return "sha256=" + HexFormat.of().formatHex(new Secret(secret).hmacSha256(body));
  }

  /** Signs with that secret instead. */
  Post signedWith(String secret) {
    return with("X-Hub-Signature-256", signature(secret, body));
  }

  /** Sets a header, in place of what it was. */
  Post with(String name, String value) {
    without(name);
    return header(name, value);
  }

  Post without(String name) {
    for (int index = headers.size() - 2; index >= 0; index -= 2) {
      if (headers.get(index).equalsIgnoreCase(name)) {
        headers.subList(index, index + 2).clear();
      }
    }
    return this;
  }

  /** Adds a header, beside what there is of it. */
  Post header(String name, String value) {
    headers.add(name);
    headers.add(value);
    return this;
  }

  Post method(String other) {
    method = other;
    return this;
  }

  Post path(String other) {
    path = other;
    return this;
  }

  /** Changes the body after it was signed. */
  Post tampered(byte[] other) {
    body = other;
    return this;
  }

  Post chunked() {
    chunked = true;
    return this;
  }

  Post expectContinue() {
    expectContinue = true;
    return this;
  }

  Post http2() {
    client = HTTP_2;
    return this;
  }

  Post overHttp(int version) {
    return version == 2 ? http2() : this;
  }

  HttpResponse<String> to(HookServer server) {
    try {
      return client.send(request(server), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("No answer to " + method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  CompletableFuture<HttpResponse<String>> sendTo(HookServer server) {
    return client.sendAsync(request(server), BodyHandlers.ofString());
  }

  private HttpRequest request(HookServer server) {
    BodyPublisher publisher =
        chunked
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
            : body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    return HttpRequest.newBuilder(URI.create(origin(server) + path))
        .timeout(Duration.ofSeconds(20))
        .expectContinue(expectContinue)
        .headers(headers.toArray(String[]::new))
        .method(method, publisher)
        .build();
  }

  private String origin(HookServer server) {
    return client == HTTP_2
        ? "https://127.0.0.1:" + server.http2().port()
        : "http://127.0.0.1:" + server.port();
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).build();
  }
}

package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.config.SettingSources;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A directory with settings, routes and data, and the whole program run on it, on free ports. */
final class Site implements AutoCloseable {
  static final String SECRET = "the secret of this test";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path directory;
  private final Map<String, String> settings = new TreeMap<>();
  private CaravanServer server;

  Site(Path directory) {
    this.directory = directory;
    settings.put("camel.server.port", "0");
    settings.put("camel.management.port", "0");
    settings.put("caravan.secrets.test", SECRET);
    settings.put("caravan.data", directory.resolve("data").toString());
    settings.put("caravan.routes", directory.resolve("routes").toString());
  }

  Site set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  Site without(String key) {
    settings.remove(key);
    return this;
  }

  Site route(String file, String yaml) {
    try {
      Path path = directory.resolve("routes").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Site remove(String file) {
    try {
      Files.delete(directory.resolve("routes").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** A route of that id, which takes the events and makes the step. */
  static String route(String id, String events, String step) {
    return """
        - route:
            id: %s
            from:
              uri: github-webhook:%s
              parameters: { maxAttempts: 1 }
              steps:
                - %s
        """
        .formatted(id, events, step);
  }

  Site start() {
    server = CaravanServer.start(() -> new SettingSources(Map.of()).read(null, settings));
    return this;
  }

  CaravanServer server() {
    return server;
  }

  Path data() {
    return directory.resolve("data");
  }

  /** Posts a delivery as GitHub does; returns the status of the answer. */
  int post(String event, String guid, String payload) {
    return post(event, guid, payload, SECRET);
  }

  int post(String event, String guid, String payload, String secret) {
    return post(event, guid, payload, secret, "4711");
  }

  /** Posts it as another hook's. */
  int postFromHook(String hook, String event, String guid, String payload) {
    return post(event, guid, payload, SECRET, hook);
  }

  /** Posts it as a sender that traces. */
  int postTraced(String traceparent, String event, String guid, String payload) {
    return send(request(event, guid, payload, SECRET, "4711").header("traceparent", traceparent))
        .statusCode();
  }

  private int post(String event, String guid, String payload, String secret, String hook) {
    return send(request(event, guid, payload, secret, hook)).statusCode();
  }

  private HttpRequest.Builder request(
      String event, String guid, String payload, String secret, String hook) {
    return HttpRequest.newBuilder(
            URI.create("http://localhost:" + server.port() + "/hooks/handle_github"))
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", guid)
        .header("X-GitHub-Hook-ID", hook)
        .header("X-Hub-Signature-256", "sha256=" + hmac(secret, payload))
        .POST(BodyPublishers.ofString(payload));
  }

  /** What a path of the management port answers to who has that token. */
  HttpResponse<String> getAs(String token, String path) {
    return send(
        HttpRequest.newBuilder(management(path)).header("Authorization", "Bearer " + token));
  }

  /** What a path of the management port answers, without a token. */
  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(management(path)));
  }

  /** What a path of the management port answers to who has the token. */
  JsonObject json(String path) {
    try {
      String token = Files.readString(data().resolve("management-token")).strip();
      return new JsonObject(
          send(HttpRequest.newBuilder(management(path)).header("Authorization", "Bearer " + token))
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  private URI management(String path) {
    return URI.create("http://localhost:" + URI.create(server.managementUrl()).getPort() + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String hmac(String secret, String payload) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

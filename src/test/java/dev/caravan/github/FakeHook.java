package dev.caravan.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A hook of the fake GitHub, with what it delivered, newest last. */
public final class FakeHook {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicLong NEXT = new AtomicLong(1_000);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  final long id = NEXT.incrementAndGet();
  final String owner;
  private final List<Attempt> attempts = new ArrayList<>();
  String url = "";
  String secret = "";
  String contentType = "form";
  String insecure = "0";
  boolean active = true;
  List<String> events = List.of("push");
  private Integer lastCode;
  private String lastStatus = "unused";

  /** One attempt of a delivery. */
  public record Attempt(
      long id,
      String guid,
      String event,
      String action,
      long repository,
      String payload,
      Instant deliveredAt,
      boolean redelivery,
      int code,
      String status,
      Instant throttledAt) {}

  FakeHook(String owner) {
    this.owner = owner;
  }

  /** GitHub's id of it. */
  public long id() {
    return id;
  }

  public String url() {
    return url;
  }

  public List<String> events() {
    return events;
  }

  public String secret() {
    return secret;
  }

  public FakeHook withSecret(String value) {
    secret = value;
    return this;
  }

  public FakeHook withEvents(String... names) {
    events = List.of(names);
    return this;
  }

  public FakeHook withLast(Integer code, String status) {
    lastCode = code;
    lastStatus = status;
    return this;
  }

  public FakeHook withContentType(String type) {
    contentType = type;
    return this;
  }

  public FakeHook inactive() {
    active = false;
    return this;
  }

  public FakeHook withoutTlsVerification() {
    insecure = "1";
    return this;
  }

  /** Has tried to deliver an event, in vain or not. */
  public synchronized String tried(
      String guid, String event, String action, String repository, Instant at, int code) {
    String status =
        code == 0 ? "failed to connect" : code == 202 ? "OK" : "Invalid HTTP Response: " + code;
    String payload = payload(repository, action);
    attempts.add(
        new Attempt(
            NEXT.incrementAndGet(),
            guid,
            event,
            action,
            repository.hashCode() & 0xFFFF,
            payload,
            at.truncatedTo(ChronoUnit.SECONDS),
            false,
            code,
            status,
            null));
    return guid;
  }

  /** GitHub held back what it tried last. */
  public synchronized void throttleLast() {
    Attempt last = attempts.remove(attempts.size() - 1);
    attempts.add(
        new Attempt(
            last.id(),
            last.guid(),
            last.event(),
            last.action(),
            last.repository(),
            last.payload(),
            last.deliveredAt(),
            last.redelivery(),
            last.code(),
            last.status(),
            last.deliveredAt()));
  }

  /** Every attempt, oldest first. */
  public synchronized List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  synchronized Attempt attempt(long attempt) {
    return attempts.stream().filter(each -> each.id() == attempt).findFirst().orElse(null);
  }

  /** Posts it as GitHub does, and takes note of the answer. */
  void deliver(
      String guid,
      String event,
      String action,
      long repository,
      String payload,
      boolean redelivery) {
    int code = 0;
    String status = "failed to connect";
    try {
      HttpResponse<Void> response =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(url))
                  .timeout(Duration.ofSeconds(10))
                  .header("Content-Type", "application/json")
                  .header("User-Agent", "GitHub-Hookshot/fake")
                  .header("X-GitHub-Event", event)
                  .header("X-GitHub-Delivery", guid)
                  .header("X-GitHub-Hook-ID", String.valueOf(id))
                  .header("X-Hub-Signature-256", "sha256=" + hmac(payload))
                  .POST(HttpRequest.BodyPublishers.ofString(payload))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      code = response.statusCode();
      status = code / 100 == 2 ? "OK" : "Invalid HTTP Response: " + code;
    } catch (IOException e) {
      // recorded as such
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    synchronized (this) {
      lastCode = code == 0 ? null : code;
      lastStatus = code / 100 == 2 ? "active" : "invalid";
      attempts.add(
          new Attempt(
              NEXT.incrementAndGet(),
              guid,
              event,
              action,
              repository,
              payload,
              Instant.now().truncatedTo(ChronoUnit.SECONDS),
              redelivery,
              code,
              status,
              null));
    }
  }

  void configure(JsonNode config) {
    url = config.path("url").asText(url);
    contentType = config.path("content_type").asText("form");
    secret = config.path("secret").asText(""); // gone when it is not repeated, as at GitHub
    insecure = config.path("insecure_ssl").asText("0");
  }

  ObjectNode json(String api) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", owner.contains("/") ? "Repository" : "Organization")
            .put("id", id)
            .put("name", "web")
            .put("active", active)
            .put("created_at", "2026-01-01T00:00:00Z")
            .put("updated_at", "2026-01-01T00:00:00Z")
            .put("url", api)
            .put("ping_url", api + "/pings")
            .put("deliveries_url", api + "/deliveries");
    events.forEach(json.putArray("events")::add);
    json.set("config", config());
    if (owner.contains("/")) {
      json.put("test_url", api + "/test");
      json.putObject("last_response")
          .put("code", lastCode)
          .put("status", lastStatus)
          .putNull("message");
    }
    return json;
  }

  ObjectNode config() {
    ObjectNode config =
        JSON.createObjectNode()
            .put("url", url)
            .put("content_type", contentType)
            .put("insecure_ssl", insecure);
    return secret.isEmpty() ? config : config.put("secret", "********");
  }

  /** Up to that many attempts older than the cursor, newest first. */
  synchronized ArrayNode page(long before, int size) {
    ArrayNode page = JSON.createArrayNode();
    for (int index = attempts.size() - 1; index >= 0 && page.size() < size; index--) {
      if (attempts.get(index).id() < before) {
        page.add(json(attempts.get(index)));
      }
    }
    return page;
  }

  static ObjectNode json(Attempt attempt) {
    return JSON.createObjectNode()
        .put("id", attempt.id())
        .put("guid", attempt.guid())
        .put("delivered_at", attempt.deliveredAt().toString())
        .put("redelivery", attempt.redelivery())
        .put("duration", 0.05)
        .put("status", attempt.status())
        .put("status_code", attempt.code())
        .put("event", attempt.event())
        .put("action", attempt.action())
        .putNull("installation_id")
        .put("repository_id", attempt.repository())
        .put(
            "throttled_at",
            attempt.throttledAt() == null ? null : attempt.throttledAt().toString());
  }

  static String payload(String repository, String action) {
    ObjectNode payload = JSON.createObjectNode();
    if (action != null) {
      payload.put("action", action);
    }
    payload.putObject("repository").put("full_name", repository);
    return payload.toString();
  }

  private String hmac(String payload) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec((secret.isEmpty() ? "none" : secret).getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

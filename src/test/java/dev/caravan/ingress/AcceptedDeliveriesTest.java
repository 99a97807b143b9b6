package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.secrets.Secret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted arrives in the log whole, and byte for byte. */
class AcceptedDeliveriesTest {
  private static final String ODD_PAYLOAD =
      """
      { "emoji": "\uD83D\uDE9A caf\u00e9 \\ud83d\\ude80", "zero": 0.0, "big": 9007199254740993,
        "repository": {"full_name": "acme/first"}, "repository": {"full_name": "acme/last"},
        "text": "a+b&c=d%20e",   "spaces" :  [ 1 , 2 ] }
      """;

  /**
   * Takes the rest of a refused body however slowly it comes. After the usual second its stream is
   * reset, as HTTP/2 allows once the answer is there; but Java's client, still sending, then waits
   * for ever and never shows the answer that it has.
   */
  private static final ConnectionTimeouts LINGERING =
      new ConnectionTimeouts(
          ConnectionTimeouts.USUAL.head(),
          ConnectionTimeouts.USUAL.idle(),
          ConnectionTimeouts.USUAL.patience(),
          Duration.ofMinutes(1),
          ConnectionTimeouts.USUAL.gitHub(),
          ConnectionTimeouts.USUAL.sweep());

  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, false, ''",
    "1, true, ''",
    "1, false, /",
    "2, false, ''",
    "2, true, ''",
    "2, false, /",
    "1, false, ?X-GitHub-Event=evil&X-Hub-Signature-256=evil&payload=evil",
  })
  void everyWayToSendItEndsInTheSameBytes(int version, boolean chunked, String pathSuffix) {
    Post post = Post.json(ODD_PAYLOAD).overHttp(version).path("/hooks/handle_github" + pathSuffix);

    HttpResponse<String> answer = (chunked ? post.chunked() : post).to(server);

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("Webhook received");
    Delivery delivery = server.log.delivery(post.guid);
    assertThat(new String(delivery.body(), UTF_8)).isEqualTo(ODD_PAYLOAD);
    assertThat(delivery.event()).isEqualTo("push");
    assertThat(delivery.encoding()).isEqualTo(Delivery.Encoding.JSON);
    assertThat(delivery.subject().repository()).isEqualTo("acme/last");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFormIsKeptAsItCameAndItsPayloadComesOutUnchanged(int version) {
    Post post = Post.form(ODD_PAYLOAD).overHttp(version);

    assertThat(post.to(server).statusCode()).isEqualTo(202);
    Delivery delivery = server.log.delivery(post.guid);
    assertThat(delivery.encoding()).isEqualTo(Delivery.Encoding.FORM);
    assertThat(new String(delivery.body(), UTF_8)).startsWith("payload=%7B+%22emoji");
    assertThat(new String(delivery.payload(), UTF_8)).isEqualTo(ODD_PAYLOAD);
    assertThat(delivery.subject().repository()).isEqualTo("acme/last");
  }

  @Test
  void theSmallestFormIsTaken() {
    Post post = Post.formBody("payload=%7B%7D");

    assertThat(post.to(server).statusCode()).isEqualTo(202);
    assertThat(server.log.delivery(post.guid).payload()).asString().isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8184",
    "1, 65536",
    "1, 262144",
    "1, 262145",
    "1, 3000000",
    "1, 26214400",
    "2, 65536",
    "2, 3000000",
    "2, 26214400",
  })
  void payloadsOfAnySizeUpToTheLimitArrive(int version, int length) {
    byte[] payload = ("{\"a\":\"" + "x".repeat(length - 8) + "\"}").getBytes(UTF_8);

    for (Post post :
        List.of(
            Post.json(payload),
            Post.json(payload).chunked(),
            Post.form(new String(payload, UTF_8)))) {
      HttpResponse<String> answer = post.overHttp(version).to(server);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      assertThat(server.log.delivery(post.guid).payload()).isEqualTo(payload);
      server.log.forget(post.guid);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPayloadOneByteOver25MiBIsTooLarge(int version) {
    byte[] payload = new byte[(25 << 20) + 1];

    try (HookServer lingering = new HookServer(Map.of("caravan.body-timeout", "1m"), LINGERING)) {
      assertThat(Post.json(payload).overHttp(version).to(lingering).statusCode()).isEqualTo(413);
      assertThat(Post.json(payload).chunked().overHttp(version).to(lingering).statusCode())
          .isEqualTo(413);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "application/json;charset=ISO-8859-1",
        "Application/JSON",
        " application/json ; x=y",
      })
  void theContentTypeMayHaveParametersInAnyCase(String type) {
    Post post = Post.json(ODD_PAYLOAD).with("Content-Type", type);

    assertThat(post.to(server).statusCode()).isEqualTo(202);
    assertThat(new String(server.log.delivery(post.guid).body(), UTF_8)).isEqualTo(ODD_PAYLOAD);
  }

  @Test
  void theSignatureMayBeInUpperCase() {
    String upper = Post.signature("{}".getBytes(UTF_8)).toUpperCase(Locale.ROOT);

    Post post = Post.json("{}").with("X-Hub-Signature-256", upper.replace("SHA256", "sha256"));

    assertThat(post.to(server).statusCode()).isEqualTo(202);
  }

  @Test
  void theOldSignatureIsTakenWhenItIsAlone() {
    String sha1 =
        "sha1="
            + HexFormat.of()
                .formatHex(new Secret(HookServer.SECRET).hmacSha1("{}".getBytes(UTF_8)));

    assertThat(
            Post.json("{}")
                .without("X-Hub-Signature-256")
                .with("X-Hub-Signature", sha1)
                .to(server)
                .statusCode())
        .isEqualTo(202);
    assertThat(
            Post.json("{}")
                .with("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
                .with("X-Hub-Signature", sha1)
                .to(server)
                .statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void githubsHeadersAreKeptUnderGitHubsNames(int version) {
    Post post =
        Post.json("{}")
            .overHttp(version)
            .header("x-github-hook-id", "42")
            .header("X-GITHUB-SOMETHING-new", "yes")
            .header("User-Agent", "GitHub-Hookshot/1")
            .header("X-Forwarded-For", "10.0.0.1")
            .header("Authorization", "Bearer s");
    Instant before = Instant.now();

    assertThat(post.to(server).statusCode()).isEqualTo(202);

    Delivery delivery = server.log.delivery(post.guid);
    assertThat(delivery.headers())
        .containsOnly(
            entry("Content-Type", "application/json"),
            entry("X-GitHub-Event", "push"),
            entry("X-GitHub-Delivery", post.guid),
            entry("X-Hub-Signature-256", Post.signature("{}".getBytes(UTF_8))),
            entry("X-GitHub-Hook-ID", "42"),
            entry("X-GitHub-Something-New", "yes"),
            entry("User-Agent", "GitHub-Hookshot/1"));
    assertThat(delivery.receivedAt()).isBetween(before, Instant.now());
  }

  @Test
  void aClientThatAsksWhetherToGoOnIsToldTo() {
    try (RawConnection connection = new RawConnection(server)) {
      Post post = Post.json("{}");
      connection.send(
          RawConnection.head(
              "X-GitHub-Event: push",
              "X-GitHub-Delivery: " + post.guid,
              "X-Hub-Signature-256: " + Post.signature("{}".getBytes(UTF_8)),
              "Content-Length: 2",
              "Expect: 100-continue"));
      assertThat(connection.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");

      connection.send("{}");

      assertThat(connection.readUntil("Webhook received")).startsWith("HTTP/1.1 202 Accepted");
    }
  }

  @Test
  void aClientThatAsksWhetherToGoOnWithTooMuchIsToldNotTo() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.head("Content-Length: 99999999", "Expect: 100-continue"));

      assertThat(connection.readToEnd()).startsWith("HTTP/1.1 413 ").contains("close");
    }
  }

  @Test
  void requestsOnOneConnectionAreAnsweredInTheirOrder() {
    String signature = Post.signature("{}".getBytes(UTF_8));
    String wrong = "sha256=" + "0".repeat(64);
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(
          String.join(
              "",
              IntStream.range(0, 20)
                  .mapToObj(
                      number ->
                          RawConnection.head(
                                  "X-GitHub-Event: push",
                                  "X-GitHub-Delivery: pipelined-" + number,
                                  "X-Hub-Signature-256: " + (number % 2 == 0 ? signature : wrong),
                                  "Content-Length: 2")
                              + "{}")
                  .toList()));

      for (int number = 0; number < 20; number++) {
        String answer = connection.readUntil(number % 2 == 0 ? "received" : "signature header");
        assertThat(answer).contains(number % 2 == 0 ? " 202 " : " 403 ");
      }
    }
  }
}

package dev.caravan.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.webhook.CapturedLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask what of the management port; spoken by hand, since clients mend what they send. */
class ManagementAccessTest {
  private static final String TOKEN = RunningManagement.TOKEN;
  private static final String BEARER = "Authorization: Bearer " + TOKEN;
  private static final String JSON = "Content-Type: application/json";

  @TempDir Path data;
  private RunningManagement server;

  @BeforeEach
  void start() {
    server = new RunningManagement(data, Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Answer(int status, String head, String body) {
    String error() {
      return new JsonObject(body).getString("error");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/deliveries",
        "/api/delivery-count",
        "/api/deliveries/1",
        "/api/deliveries/1/body",
        "/api/subscriptions",
        "/api/replays/1",
        "/api/secrets",
        "/api/refused",
        "/api/routes",
        "/observe/metrics",
        "/observe/info",
        "/nowhere"
      })
  void whatIsNoHealthCheckNeedsTheToken(String path) throws IOException {
    Answer refused = get(path, "localhost");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.head()).containsIgnoringCase("www-authenticate: Bearer");
    assertThat(refused.error()).contains("Authorization: Bearer").doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer wrong",
        "Authorization: Bearer",
        "Authorization: Bearer " + TOKEN + "x",
        "Authorization: Basic " + TOKEN,
        "Authorization: " + TOKEN
      })
  void anotherTokenIsRefused(String header) throws IOException {
    assertThat(get("/api/deliveries", "localhost", header).status()).isEqualTo(401);
  }

  @Test
  void aRequestThatChangesSomethingIsLogged() throws IOException {
    try (CapturedLog audit = new CapturedLog("dev.caravan.audit")) {
      get("/api/subscriptions", "localhost", BEARER);
      post("/api/known-deliveries", "localhost", "{\"guids\":[]}", BEARER, JSON);
      post("/api/subscriptions/pause", "localhost", "{\"subscription\":\"ci\"}", JSON);
      post("/api/subscriptions/pause", "localhost", "{\"subscription\":\"ci\"}", BEARER, JSON);

      post("/api/replays/7/cancel", "localhost", "", BEARER);

      await().until(() -> audit.lines().size() > 1);
      assertThat(audit.lines())
          .containsExactly(
              "INFO API from 127.0.0.1: POST /api/subscriptions/pause {\"subscription\":\"ci\"}, answered 404.",
              "INFO API from 127.0.0.1: POST /api/replays/7/cancel, answered 404.");
    }
  }

  @Test
  void theReadTokenMustDifferFromTheOtherToken() {
    assertThatThrownBy(() -> settings("the same for both", "the same for both"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("caravan.management.read-token")
        .hasMessageNotContaining("same for both");
  }

  /** What proves that this port has the token also tells, offline, whether a guess is right. */
  @Test
  void aTokenThatCouldBeGuessedIsRefused() {
    assertThatThrownBy(() -> settings("fifteen letters", ""))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("caravan.management.token has fewer than 16 characters")
        .hasMessageNotContaining("fifteen");
    assertThatThrownBy(() -> settings("sixteen letters.", "short"))
        .hasMessageStartingWith("caravan.management.read-token has fewer than 16 characters");
    assertThat(settings("sixteen letters.", "").token()).isEqualTo("sixteen letters.");
  }

  /** Java takes an empty host for localhost, and Vert.x fails at it. */
  @Test
  void anEmptyHostIsRefused() {
    assertThatThrownBy(() -> new ManagementSettings("", 0, "", "", false, List.of(), null))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("camel.management.host is '', which is not an address of this machine.");
  }

  private static ManagementSettings settings(String token, String readToken) {
    return new ManagementSettings("127.0.0.1", 0, token, readToken, true, List.of(), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready"})
  void healthNeedsNeitherTokenNorName(String path) throws IOException {
    assertThat(get(path, "evil.example").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/observe/metrics", "/observe/info"})
  void withoutATokenSettingObservingNeedsNoTokenButAKnownHost(String path) throws IOException {
    server.forgetToken();

    assertThat(get(path, "localhost").status()).isEqualTo(200);
    assertThat(get(path, "evil.example").status()).isEqualTo(403);
    assertThat(get("/api/subscriptions", "localhost").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/observe/metrics", "/observe/info"})
  void observingCanBeClosedToOtherUsersOfTheMachine(String path) throws IOException {
    server.closeToObservers();

    assertThat(get(path, "localhost").status()).isEqualTo(401);
    assertThat(get(path, "localhost", BEARER).status()).isEqualTo(200);
  }

  @Test
  void theServerProvesThatItHasTheTokenWithoutRevealingIt() throws IOException {
    String nonce = "0123456789abcdef".repeat(4);

    Answer proof = get("/api/proof?nonce=" + nonce, "localhost");

    assertThat(new JsonObject(proof.body()).getJsonArray("proofs"))
        .contains(TokenProof.of(TOKEN, nonce, server.port()))
        .doesNotContain(TokenProof.of(TOKEN, nonce, server.port() + 1));
    assertThat(proof.body()).doesNotContain(TOKEN);
    assertThat(get("/api/proof?nonce=" + nonce, "evil.example").status()).isEqualTo(403);
    assertThat(get("/api/proof?nonce=short", "localhost").status()).isEqualTo(400);
    assertThat(get("/api/proof", "localhost").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8001",
        "127.0.0.1",
        "[::1]:8001",
        "LOCALHOST",
        "caravan.example:80"
      })
  void theServersOwnNamesAreTaken(String host) throws IOException {
    assertThat(get("/api/deliveries", host, BEARER).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8001",
        "10.0.0.1"
      })
  void anyOtherNameIsRefusedEvenWithTheToken(String host) throws IOException {
    Answer refused = get("/api/deliveries", host, BEARER);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.error()).contains("caravan.management.hosts");
  }

  @Test
  void aRequestWithTwoNamesOrNoneIsRefused() throws IOException {
    assertThat(get("/api", "localhost", "Host: evil.example", BEARER).status()).isIn(400, 403);
    assertThat(speak("GET /api HTTP/1.0\r\n" + BEARER + "\r\n\r\n").status()).isIn(400, 403);
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, 403",
    "null, 403",
    "http://localhost:9999, 403",
    "http://localhost, 404",
    "'', 404",
  })
  void aPostFromAnotherOriginIsRefused(String origin, int status) throws IOException {
    String[] headers =
        origin.isEmpty()
            ? new String[] {BEARER, JSON}
            : new String[] {BEARER, JSON, "Origin: " + origin};

    Answer answer =
        post("/api/subscriptions/pause", "localhost", "{\"subscription\":\"none\"}", headers);

    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/replays             | {}                                     | 400 | query is missing",
        "/api/replays             | {\"query\":{\"event\":\"\"}}               | 400 | query is missing",
        "/api/replays             | {\"query\":{\"event\":null,\"guid\":\"\"}} | 400 | query is missing",
        "/api/replays             | {\"query\":{\"event\":\"push\",\"repository\":\"\"}} | 400 | repository is empty",
        "/api/replays             | {\"query\":{\"events\":\"push\"}}          | 400 | events is not a parameter",
        "/api/replays             | {\"query\":{\"event\":7}}                | 400 | event is not a text",
        "/api/replays             | {\"query\":{\"event\":\"*\"},\"rate\":0}   | 400 | '0' is not a rate",
        "/api/replays             | {\"query\":{\"event\":\"*\"}}            | 400 | No subscription is running",
        "/api/replays             | {\"query\":{\"event\":\"*\"},\"subscription\":\"x\"} | 404 | There is no subscription 'x'",
        "/api/replays             | [1]                                    | 400 | is not a JSON object",
        "/api/replays             | {\"query\":                              | 400 | is not a JSON object",
        "/api/replays             | ``                                     | 400 | is not a JSON object",
        "/api/subscriptions/pause | {}                                     | 400 | subscription is missing",
        "/api/known-deliveries    | {}                                     | 400 | guids is missing",
        "/api/known-deliveries    | {\"guids\":\"a\"}                        | 400 | guids is not a list",
        "/api/known-deliveries    | {\"guids\":[\"a b\"]}                    | 400 | not the name of a delivery",
      })
  void aPostThatCannotBeUnderstoodSaysWhy(String path, String body, int status, String error)
      throws IOException {
    Answer answer = post(path, "localhost", body == null ? "" : body, BEARER, JSON);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.error()).contains(error);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/deliveries?from=yesterday, from is 'yesterday'",
    "/api/deliveries?outcome=bad, outcome is 'bad'. Write one of: any",
    "/api/deliveries?most=0, most is '0'. Write a whole number from 1 to 500.",
    "/api/deliveries?event=Push!, 'Push!' is not an event",
    "/api/deliveries?before=x, 'x' is not a position.",
    "/api/deliveries?guid=%20, That is not the name of a delivery",
    "/api/deliveries?nonsense=1, nonsense is not a parameter.",
  })
  void aListThatCannotBeUnderstoodSaysWhy(String path, String error) throws IOException {
    Answer answer = get(path, "localhost", BEARER);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).contains(error);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws IOException {
    Answer answer = post("/api/replays", "localhost", " ".repeat(70_000), BEARER, JSON);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).isEqualTo("The request's body is too large.");
  }

  @Test
  void aPostThatIsNotJsonIsRefused() throws IOException {
    Answer answer = post("/api/replays", "localhost", "{}", BEARER, "Content-Type: text/plain");

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void a404IsJson() throws IOException {
    assertThat(get("/nowhere", "localhost", BEARER).error())
        .isEqualTo("There is nothing at this path.");
    assertThat(get("/api/deliveries/none", "localhost", BEARER).error())
        .isEqualTo("There is no delivery none in the log.");
    assertThat(get("/api/replays/7", "localhost", BEARER).status()).isEqualTo(404);
    assertThat(post("/api/deliveries", "localhost", "{}", BEARER, JSON).status()).isEqualTo(405);
  }

  @Test
  void aBodyIsServedAsBytesThatNoBrowserShowsAsAPage() throws IOException {
    server.append("1", "{\"a\":\"<script>\"}".getBytes(UTF_8));

    Answer answer = get("/api/deliveries/1/body", "localhost", BEARER);

    assertThat(answer.body()).isEqualTo("{\"a\":\"<script>\"}");
    assertThat(answer.head())
        .containsIgnoringCase("content-type: application/octet-stream")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .containsIgnoringCase("content-disposition: attachment");
  }

  @Test
  void bodiesThatNobodyTakesDoNotFillMemory() throws IOException {
    server.append("1", new byte[20 << 20]);
    String request = head("GET", "/api/deliveries/1/body", "localhost", BEARER) + "\r\n";

    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (Socket held : List.of(first, second)) {
        held.getOutputStream().write(request.getBytes(UTF_8));
        assertThat(held.getInputStream().read()).isEqualTo('H'); // it has begun
      }
      assertThat(speak(request).status()).isEqualTo(503);
    }
    await().until(() -> speak(request).status() == 200);
    for (int again = 0; again < 3; again++) {
      assertThat(speak(request).body()).hasSize(20 << 20);
      assertThat(get("/api/deliveries/none/body", "localhost", BEARER).status()).isEqualTo(404);
    }
  }

  private Answer get(String path, String host, String... headers) throws IOException {
    return speak(head("GET", path, host, headers) + "\r\n");
  }

  private Answer post(String path, String host, String body, String... headers) throws IOException {
    return speak(
        head("POST", path, host, headers) + "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static String head(String method, String path, String host, String... headers) {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    head.append("Connection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.toString();
  }

  private Answer speak(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Answer(
          Integer.parseInt(answer.substring(9, 12)),
          answer.substring(0, end),
          answer.substring(end + 4));
    }
  }
}

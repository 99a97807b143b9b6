package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look at the console, and who may change anything there. */
class ConsoleAccessTest {
  private static final String READ_TOKEN = "a token to look with";

  @TempDir static Path directory;
  private static Site site;

  private final HttpClient browser =
      HttpClient.newBuilder()
          .followRedirects(Redirect.NEVER)
          .cookieHandler(new CookieManager())
          .build();

  @BeforeAll
  static void start() {
    site =
        new Site(directory)
            .set("caravan.management.read-token", READ_TOKEN)
            .route("all.camel.yaml", Site.route("all", "*", "stop: {}"))
            .start();
    assertThat(site.post("push", "d-1", "{\"ref\":\"refs/heads/main\"}")).isEqualTo(202);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/count",
        "/live",
        "/deliveries/d-1",
        "/deliveries/d-1/payload",
        "/subscriptions",
        "/refused",
        "/x"
      })
  void aBrowserThatIsNotLoggedInIsSentToTheLoginPage(String path) {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location"))
        .contains("/login?to=" + URLEncoder.encode(path, UTF_8));
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aLinkLogsInOnce() {
    URI link = URI.create(site.server().consoleUrl());

    HttpResponse<String> first = send(HttpRequest.newBuilder(link));
    HttpResponse<String> second =
        sendWith(HttpClient.newHttpClient(), HttpRequest.newBuilder(link));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).contains("You are logged in");
    assertThat(first.headers().firstValue("Set-Cookie").orElseThrow())
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict");
    assertThat(get("/").body()).contains("push");
    assertThat(second.statusCode()).isEqualTo(403);
    assertThat(second.body()).contains("has already been used").contains("./caravan console");
  }

  @Test
  void theTokenLogsInAndLogsOutAgain() throws IOException {
    String token = Files.readString(site.data().resolve("management-token")).strip();

    assertThat(login(token, "/refused").headers().firstValue("Location")).contains("/refused");
    assertThat(get("/refused").statusCode()).isEqualTo(200);
    assertThat(post("/logout", "", origin()).statusCode()).isEqualTo(303);
    assertThat(get("/refused").statusCode()).isEqualTo(303);
  }

  @Test
  void twoProgramsOnOneMachineDoNotLogEachOthersUsersOut() throws IOException {
    String one = cookieAt("localhost:8001");
    String other = cookieAt("localhost:9001");

    assertThat(one).isNotEqualTo(other);
    assertThat(answerTo("/", "localhost:8001", other + "; " + one)).contains(" 200 ");
    assertThat(answerTo("/", "localhost:8001", other)).contains(" 303 ");
  }

  /**
   * The name and the value of the cookie that a browser gets who knows the program by that name.
   */
  private static String cookieAt(String host) throws IOException {
    URI link = URI.create(site.server().consoleUrl());
    String answer = answerTo(link.getPath() + "?" + link.getQuery(), host, "none=here");
    int begin = answer.indexOf("caravan-session");
    return answer.substring(begin, answer.indexOf(';', begin));
  }

  private static String answerTo(String path, String host, String cookies) throws IOException {
    int port = URI.create(site.server().managementUrl()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, host, cookies);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void aPageThatWatchesLearnsThatItIsNoLongerLoggedIn() {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(uri("/live?event=push")).header("Accept", "text/event-stream"));

    assertThat(answer.body())
        .contains("event: rows", "You are no longer logged in.")
        .contains("/login?to=%2F%3Fevent%3Dpush")
        .doesNotContain("d-1")
        .endsWith("event: over\ndata: over\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "/\t/evil.example",
        "/\nevil"
      })
  void loggingInLeadsToNoOtherSite(String to) {
    assertThat(login(READ_TOKEN, to).headers().firstValue("Location")).contains("/");
  }

  @Test
  void anotherTokenLogsNobodyIn() {
    assertThat(login("not the token", "/").statusCode()).isEqualTo(403);
    assertThat(login("", "/").statusCode()).isEqualTo(403);
    assertThat(get("/").statusCode()).isEqualTo(303);
  }

  @Test
  void aChangedCookieDoesNotLogIn() {
    String cookie = login(READ_TOKEN, "/").headers().firstValue("Set-Cookie").orElseThrow();
    String name = cookie.substring(0, cookie.indexOf('=') + 1);
    String value = cookie.substring(name.length(), cookie.indexOf(';'));

    for (String forged :
        new String[] {
          value.replaceFirst("^r", "w"),
          value.replaceFirst("\\.\\d", ".9"),
          value.substring(0, value.length() - 1),
          "w.9999999999.",
          "w.9999999999.00",
          "",
          "..",
          "w.x.y"
        }) {
      HttpResponse<String> answer =
          sendWith(
              HttpClient.newHttpClient(),
              HttpRequest.newBuilder(uri("/")).header("Cookie", name + forged));
      assertThat(answer.statusCode()).as(forged).isEqualTo(303);
    }
  }

  @Test
  void theReadTokenShowsEverythingAndChangesNothing() {
    login(READ_TOKEN, "/");

    assertThat(get("/deliveries/d-1").body())
        .contains("You are logged in to look; you cannot change")
        .doesNotContain("/actions/");
    HttpResponse<String> refused = post("/actions/pause", "subscription=all", origin());
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("to look only");
  }

  @Test
  void theReadTokenReadsTheApiAndChangesNothingThere() {
    HttpRequest.Builder look =
        HttpRequest.newBuilder(uri("/api/subscriptions"))
            .header("Authorization", "Bearer " + READ_TOKEN);
    HttpRequest.Builder change =
        HttpRequest.newBuilder(uri("/api/subscriptions/pause"))
            .header("Authorization", "Bearer " + READ_TOKEN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"subscription\":\"all\"}"));

    assertThat(send(look).statusCode()).isEqualTo(200);
    assertThat(send(change).statusCode()).isEqualTo(403);
  }

  @Test
  void anotherSitesPageCanChangeNothing() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));

    assertThat(post("/actions/pause", "subscription=all", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(post("/actions/pause", "subscription=all", null).statusCode()).isEqualTo(403);
    assertThat(post("/actions/pause", "subscription=all", origin()).statusCode()).isEqualTo(303);
    assertThat(post("/actions/resume", "subscription=all", origin()).statusCode()).isEqualTo(303);
  }

  @Test
  void behindAProxyThatEndsTlsAPagePostsAndAnotherSiteDoesNot() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));
    String name = origin().substring("http://".length());

    assertThat(post("/actions/resume", "subscription=all", "https://" + name).statusCode())
        .isEqualTo(303);
    assertThat(post("/actions/resume", "subscription=all", "https://evil." + name).statusCode())
        .isEqualTo(403);
    assertThat(post("/actions/resume", "subscription=all", "null").statusCode()).isEqualTo(403);
  }

  @Test
  void aTestMayHaveAPayloadAsLongAsThoseOfGitHub() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));
    String payload = "{\"ref\":\"refs/heads/main\",\"text\":\"" + "=".repeat(200_000) + "\"}";

    HttpResponse<String> answer =
        post(
            "/actions/send-test",
            "event=push&payload=" + URLEncoder.encode(payload, UTF_8),
            origin());

    assertThat(answer.statusCode()).isEqualTo(303);
    String sent = answer.headers().firstValue("Location").orElseThrow();
    assertThat(get(sent + "/payload").body()).isEqualTo(payload);
  }

  @Test
  void aTestWhileTheLogCannotBeWrittenIsRefusedWithTheReason(@TempDir Path other)
      throws IOException {
    try (Site broken = new Site(other).start()) {
      Files.move(other.resolve("data/log.db"), other.resolve("log.db"));
      send(HttpRequest.newBuilder(URI.create(broken.server().consoleUrl())));
      String origin = broken.server().managementUrl();
      HttpRequest.Builder test =
          HttpRequest.newBuilder(URI.create(origin + "/actions/send-test"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Origin", origin)
              .POST(BodyPublishers.ofString("event=push&payload=%7B%7D"));

      await().untilAsserted(() -> assertThat(send(test).statusCode()).isEqualTo(503));
      assertThat(send(test).body()).contains("log.db");
    }
  }

  @Test
  void aTestThatNoRouteCouldLookIntoIsRefusedAsAtThePort() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));
    String payload = "{\"n\":[" + "[],".repeat(400_000) + "0]}";

    HttpResponse<String> answer =
        post(
            "/actions/send-test",
            "event=push&payload=" + payload.replace(",", "%2C").replace("\"", "%22"),
            origin());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("many times its size in memory");
  }

  @Test
  void theReadTokenCanCarryOutNoAction() {
    login(READ_TOKEN, "/");

    for (String action :
        new String[] {
          "replay", "pause", "resume", "verify-again", "send-test", "recover", "register"
        }) {
      assertThat(
              post("/actions/" + action, "subscription=all&event=push&payload={}", origin())
                  .statusCode())
          .as(action)
          .isEqualTo(403);
    }
  }

  @Test
  void noMoreThanTwoLargeBodiesAreSentAtATime() throws IOException {
    String cookie =
        send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())))
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    site.post("push", "d-large", "{\"ref\":\"" + "=".repeat(20 << 20) + "\"}");
    String path = "/deliveries/d-large/payload";
    try (Socket one = askFor(path, cookie);
        Socket two = askFor(path, cookie)) {
      assertThat(one.getInputStream().read()).isEqualTo('H');
      assertThat(two.getInputStream().read()).isEqualTo('H');

      assertThat(get(path).statusCode()).isEqualTo(503);
    }
    await().untilAsserted(() -> assertThat(get(path).statusCode()).isEqualTo(200));
  }

  @Test
  void aCrowdOfStrangersClosesNoPageThatSomebodyWatches() throws IOException {
    String cookie =
        send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())))
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    List<Socket> crowd = new ArrayList<>();
    try (Socket watching = askFor("/live?event=create", cookie)) {
      watching.setSoTimeout(20_000);
      assertThat(watching.getInputStream().read()).isEqualTo('H');
      for (int number = 0; number < 300; number++) {
        crowd.add(startLogin());
      }
      crowd.get(0).setSoTimeout(5_000);
      assertThat(crowd.get(0).getInputStream().read()).isEqualTo(-1);

      assertThat(site.post("create", "d-watched", "{}")).isEqualTo(202);
      BufferedReader shown =
          new BufferedReader(new InputStreamReader(watching.getInputStream(), UTF_8));
      assertThat(shown.lines().anyMatch(line -> line.contains("d-watched"))).isTrue();
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  /** Somebody who begins to log in and never gets to the token. */
  private static Socket startLogin() throws IOException {
    URI port = URI.create(site.server().managementUrl());
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.getPort());
    String request =
        """
        POST /login HTTP/1.1
        Host: localhost
        Content-Type: application/x-www-form-urlencoded
        Content-Length: 100

        """
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  /** A browser that asks and then does not read the answer. */
  private static Socket askFor(String path, String cookie) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new InetSocketAddress("localhost", URI.create(site.server().managementUrl()).getPort()));
    String session = cookie.substring(0, cookie.indexOf(';'));
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nCookie: %s\r\n\r\n"
            .formatted(path, socket.getPort(), session);
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  @Test
  void theDeliveryThatIsShownIsTheOneThatIsReplayed() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));
    site.post("push", "d-twice", "{\"ref\":\"refs/heads/one\"}");
    site.post("push", "d-twice", "{\"ref\":\"refs/heads/two\"}");
    String position =
        site.json("/api/deliveries/d-twice").getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getBoolean("differsFromFirst"))
            .map(each -> each.getString("position"))
            .findFirst()
            .orElseThrow();
    String page = "/deliveries/d-twice?position=" + position;
    assertThat(get(page).body()).contains("No subscription wanted it");

    post("/actions/replay", hiddenFields(get(page).body()) + "&subscription=all", origin());

    await().untilAsserted(() -> assertThat(get(page).body()).contains("after 1 attempt"));
  }

  /** What the form for a replay says without being asked. */
  private static String hiddenFields(String page) {
    String form = page.substring(page.indexOf("action=\"/actions/replay\""));
    return Pattern.compile("type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"")
        .matcher(form.substring(0, form.indexOf("</form>")))
        .results()
        .map(field -> field.group(1) + "=" + URLEncoder.encode(field.group(2), UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Test
  void noSenderCanMakeADeliveryLookLikeATest() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));

    assertThat(site.post("push", "test_1", "{}")).isEqualTo(400);
    assertThat(site.post("push", "test-1", "{}")).isEqualTo(202);
    assertThat(get("/deliveries/test-1").body())
        .doesNotContain("mark test")
        .contains("valid, signed");
  }

  @Test
  void everyPageForbidsForeignScriptsFramesAndGuesses() {
    send(HttpRequest.newBuilder(URI.create(site.server().consoleUrl())));

    for (String path :
        new String[] {
          "/",
          "/deliveries/d-1",
          "/deliveries/d-1/payload",
          "/login",
          "/nowhere",
          "/assets/console.js"
        }) {
      HttpResponse<String> page = get(path);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }
  }

  private static String origin() {
    return site.server().managementUrl();
  }

  private static URI uri(String path) {
    return URI.create(site.server().managementUrl() + path);
  }

  private HttpResponse<String> login(String token, String to) {
    return post(
        "/login",
        "token=" + URLEncoder.encode(token, UTF_8) + "&to=" + URLEncoder.encode(to, UTF_8),
        origin());
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private HttpResponse<String> post(String path, String form, String origin) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    return send(origin == null ? request : request.header("Origin", origin));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return sendWith(browser, request);
  }

  private static HttpResponse<String> sendWith(HttpClient client, HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog.Told;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubWebhookMessageTest {
  private static final String OPENED =
      """
      {"action":"opened","number":2,"pull_request":{"number":2,"updated_at":"2026-03-01T10:00:00Z",\
      "merged":null,"labels":[{"name":"a"}]},"repository":{"full_name":"acme/web","private":false,\
      "url":"https://api.github.com/repos/acme/web"},"sender":{"login":"mona"}}""";

  @Test
  void theBodyIsThePayloadAsAMapInItsOrder() {
    try (RunningRoutes routes = reading("map")) {
      Exchange exchange = routes.deliver(Deliveries.json("pull_request", OPENED), "end");

      Map<?, ?> body = exchange.getMessage().getBody(Map.class);
      assertThat(body).isInstanceOf(Map.class);
      assertThat(List.copyOf(body.keySet()))
          .isEqualTo(List.of("action", "number", "pull_request", "repository", "sender"));
      assertThat((Map<?, ?>) body.get("repository"))
          .isEqualTo(
              Map.of(
                  "full_name", "acme/web",
                  "private", false,
                  "url", "https://api.github.com/repos/acme/web"));
    }
  }

  @Test
  void theBodyOfAFormIsTheSameMap() {
    try (RunningRoutes routes = reading("map")) {
      Object fromJson =
          routes.deliver(Deliveries.json("pull_request", OPENED), "end").getMessage().getBody();
      Object fromForm =
          routes.deliver(Deliveries.form("pull_request", OPENED), "end").getMessage().getBody();

      assertThat(fromForm).isEqualTo(fromJson);
    }
  }

  @Test
  void numbersAndTextComeOutOfTheMapAsGitHubWroteThem() {
    String payload =
        "{\"a\":1.10,\"b\":0.0,\"c\":9007199254740993,\"d\":18446744073709551617,\"e\":7,"
            + "\"f\":\"\u00e9\u4e2d\",\"g\":null,\"h\":[]}";
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*")
                        .routeId("read")
                        .to("mock:map")
                        .marshal()
                        .json(JsonLibrary.Jackson)
                        .to("mock:end")))) {
      Exchange exchange = routes.deliver(Deliveries.json("push", payload), "end");

      assertThat(exchange.getMessage().getBody(String.class)).isEqualTo(payload);
      Map<?, ?> body = routes.mock("map").getReceivedExchanges().get(0).getIn().getBody(Map.class);
      assertThat(new LinkedHashMap<Object, Object>(body))
          .contains(
              entry("a", new BigDecimal("1.10")),
              entry("c", 9007199254740993L),
              entry("d", new BigInteger("18446744073709551617")),
              entry("e", 7));
    }
  }

  @Test
  void eachRouteHasAPayloadOfItsOwnToChange() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*")
                        .routeId("change")
                        .process(e -> e.getMessage().getBody(Map.class).clear())
                        .to("mock:changed")),
            route(r -> r.from("github-webhook:*").routeId("read").to("mock:end")))) {
      routes.deliver(Deliveries.json("push", "{\"ref\":\"main\"}"), "changed");

      await().until(() -> routes.mock("end").getReceivedCounter() == 1);
      assertThat(routes.mock("changed").getReceivedExchanges().get(0).getIn().getBody())
          .isEqualTo(Map.of());
      assertThat(routes.mock("end").getReceivedExchanges().get(0).getIn().getBody())
          .isEqualTo(Map.of("ref", "main"));
    }
  }

  @Test
  void theLastOfTwoEqualKeysWins() {
    try (RunningRoutes routes = reading("map")) {
      Delivery delivery = Deliveries.json("push", "{\"ref\":\"first\",\"ref\":\"last\"}");

      assertThat(routes.deliver(delivery, "end").getMessage().getBody())
          .isEqualTo(Map.of("ref", "last"));
    }
  }

  @Test
  void aStringOfMoreThanJacksonsLimitIsRead() {
    String text = "x".repeat(24 * 1024 * 1024);
    try (RunningRoutes routes = reading("map")) {
      Exchange exchange =
          routes.deliver(Deliveries.json("push", "{\"text\":\"" + text + "\"}"), "end");

      assertThat(exchange.getMessage().getBody()).isEqualTo(Map.of("text", text));
    }
  }

  @Test
  void aPayloadThatIsNoObjectFailsTheAttempt() {
    Delivery delivery = Deliveries.json("push", "[1]");
    try (RunningRoutes routes = reading("map")) {
      Told told = routes.outcome(delivery);

      assertThat(told.error()).hasMessage("The payload cannot be read as a JSON object");
    }
  }

  @Test
  void rawIsExactlyTheBytesGitHubSent() {
    Delivery json = Deliveries.json("push", "{ \"a\" : 1.10,\n\"a\":\"\u00e9\ud83d\ude80\" }");
    Delivery form = Deliveries.form("push", OPENED);
    try (RunningRoutes routes = reading("raw")) {
      assertThat(routes.deliver(json, "end").getMessage().getBody()).isEqualTo(json.body());
      assertThat(routes.deliver(form, "end").getMessage().getBody()).isEqualTo(form.body());
    }
  }

  /** Others get them too, and so does the next attempt. */
  @ParameterizedTest
  @ValueSource(strings = {"raw", "map"})
  void aRouteThatChangesTheBytesChangesOnlyItsOwnCopy(String payload) {
    Delivery delivery = Deliveries.json("push", OPENED);
    byte[] sent = delivery.body().clone();
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?payload=" + payload)
                        .routeId("change")
                        .process(
                            each -> Arrays.fill(each.getMessage().getBody(byte[].class), (byte) 0))
                        .to("mock:end")))) {
      routes.deliver(delivery, "end");

      assertThat(delivery.body()).isEqualTo(sent);
    }
  }

  @Test
  void theHeadersAreTheseAndNoOthers() {
    Delivery delivery = Deliveries.json("pull_request", OPENED);
    try (RunningRoutes routes = reading("map")) {
      Map<String, Object> headers = routes.deliver(delivery, "end").getMessage().getHeaders();

      assertThat(headers)
          .containsOnly(
              entry("X-GitHub-Event", "pull_request"),
              entry("X-GitHub-Delivery", delivery.guid()),
              entry("X-GitHub-Hook-ID", "292430182"),
              entry("X-GitHub-Hook-Installation-Target-ID", "79929171"),
              entry("X-GitHub-Hook-Installation-Target-Type", "repository"),
              entry("CamelGitHubWebhookAction", "opened"),
              entry("CamelGitHubWebhookRepository", "acme/web"),
              entry("CamelGitHubWebhookSender", "mona"),
              entry("CamelGitHubWebhookPosition", "memory-1"),
              entry("CamelGitHubWebhookAttempt", 1),
              entry("CamelGitHubWebhookSize", delivery.body().length),
              entry("CamelCloudEventID", delivery.guid()),
              entry("CamelCloudEventType", "com.github.pull_request.opened"),
              entry("CamelCloudEventSource", "https://api.github.com/repos/acme/web"),
              entry("CamelCloudEventSubject", "2"),
              entry("CamelCloudEventTime", "2026-03-01T10:00:00Z"),
              entry("CamelCloudEventVersion", "1.0"));
    }
  }

  @Test
  void rawHasTheSignaturesAndTheContentTypeToo() {
    Delivery delivery = Deliveries.form("pull_request", OPENED);
    try (RunningRoutes routes = reading("raw")) {
      Map<String, Object> headers = routes.deliver(delivery, "end").getMessage().getHeaders();

      assertThat(headers)
          .contains(
              entry("X-Hub-Signature", delivery.headers().get("X-Hub-Signature")),
              entry("X-Hub-Signature-256", Deliveries.signature256(delivery.body())),
              entry("Content-Type", "application/x-www-form-urlencoded"),
              entry("CamelCloudEventSubject", "2"),
              entry("CamelCloudEventSource", "https://api.github.com/repos/acme/web"))
          .hasSize(20);
    }
  }

  @Test
  void aFieldThatThePayloadLacksHasNoHeader() {
    try (RunningRoutes routes = reading("map")) {
      Map<String, Object> headers =
          routes.deliver(Deliveries.json("ping", "{}"), "end").getMessage().getHeaders();

      assertThat(headers)
          .doesNotContainKeys(
              "CamelGitHubWebhookAction",
              "CamelGitHubWebhookRepository",
              "CamelGitHubWebhookSender",
              "CamelCloudEventSubject")
          .contains(entry("CamelCloudEventSource", "github.com"));
    }
  }

  @Test
  void ourHeadersDoNotLeakIntoHttpCalls() throws Exception {
    BlockingQueue<Map<String, List<String>>> received = new LinkedBlockingQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        request -> {
          received.add(Map.copyOf(request.getRequestHeaders()));
          request.sendResponseHeaders(204, -1);
          request.close();
        });
    server.start();
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*")
                        .routeId("call")
                        .marshal()
                        .json(JsonLibrary.Jackson)
                        .to("http://localhost:" + server.getAddress().getPort())))) {
      routes.log().append(Deliveries.json("pull_request", OPENED)).join();

      Map<String, List<String>> headers = received.poll(10, TimeUnit.SECONDS);
      assertThat(headers.keySet())
          .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("camel"))
          .doesNotContain("X-hub-signature-256", "X-hub-signature");
      assertThat(headers).contains(entry("X-github-event", List.of("pull_request")));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theBodyOfOneRouteIsNotThatOfAnother() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.from("github-webhook:*")
                      .routeId("spoils")
                      .process(e -> e.getMessage().getBody(Map.class).clear())
                      .to("mock:spoilt");
                  r.from("github-webhook:*").routeId("reads").delay(50).to("mock:end");
                }))) {
      Exchange exchange = routes.deliver(Deliveries.json("push", "{\"ref\":\"a\"}"), "end");

      assertThat(exchange.getMessage().getBody()).isEqualTo(Map.of("ref", "a"));
      assertThat(routes.mock("spoilt").getReceivedCounter()).isEqualTo(1);
    }
  }

  @Test
  void simpleReadsIntoTheMap() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: simple
                    from:
                      uri: github-webhook:*
                      steps:
                        - filter:
                            simple: "${body[ref]} == 'refs/heads/main' && ${body[repository][full_name]} == 'acme/web'"
                            steps:
                              - to: mock:end
                """)
            .start()) {
      routes.log().append(Deliveries.json("push", "{\"ref\":\"refs/heads/dev\"}")).join();
      Delivery main =
          Deliveries.json(
              "push", "{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"acme/web\"}}");

      routes.deliver(main, "end");

      assertThat(routes.mock("end").getReceivedCounter()).isEqualTo(1);
    }
  }

  private static RunningRoutes reading(String payload) {
    return RunningRoutes.java(
        route(r -> r.from("github-webhook:*?payload=" + payload).routeId("read").to("mock:end")));
  }
}

package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.delivery.Delivery;
import dev.caravan.webhook.payload.LazyPayload;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The payload is JSON to whatever a route sends it to. */
class JsonBodyTest {
  private static final String PAYLOAD =
      """
      {"ref" : "refs/heads/größe 🚀","head_commit":null,"size":12345678901234567890123,
       "ratio":1.10,"tiny":1E-7,"repository":{"full_name":"acme/web"},
       "commits":[{"id":"a","n":9007199254740993},{"id":"b","n":0.30}]}
      """;

  private static final ObjectMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** What an HTTP server was sent. */
  private record Request(String method, List<String> contentTypes, String body) {}

  private final AtomicInteger status = new AtomicInteger(204);
  private final List<String> lengths = new CopyOnWriteArrayList<>();

  private final Delivery delivery = Deliveries.json("push", PAYLOAD);
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private HttpServer server;
  private String url;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          List<String> types = exchange.getRequestHeaders().getOrDefault("Content-Type", List.of());
          lengths.add(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Length")));
          requests.add(new Request(exchange.getRequestMethod(), types, body));
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void anHttpCallPostsItWithItsContentType() throws Exception {
    try (RunningRoutes routes = posting("")) {
      Exchange exchange = routes.deliver(delivery, "end");

      // nobody looked into it: these are GitHub's own bytes
      assertThat(sent()).isEqualTo(new Request("POST", List.of("application/json"), PAYLOAD));
      assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("Content-Type");
      // not in chunks, which some servers refuse
      assertThat(lengths).containsExactly(Integer.toString(PAYLOAD.getBytes(UTF_8).length));
    }
  }

  @Test
  void aCallThatFailsLeavesThePayloadToWhatComesNext() throws Exception {
    status.set(500); // a 503 the client itself would try again after a second
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.onException(Exception.class)
                      .maximumRedeliveries(1)
                      .redeliveryDelay(1)
                      .continued(true);
                  r.from("github-webhook:*").routeId("fails").to(url).to(url).to("mock:end");
                }))) {
      Exchange exchange = routes.deliver(delivery, "end");

      for (int call = 0; call < 4; call++) {
        assertThat(sent()).isEqualTo(new Request("POST", List.of("application/json"), PAYLOAD));
      }
      assertThat(exchange.getMessage().getBody()).isInstanceOf(LazyPayload.class);
      assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("Content-Type");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a look into it
        "- setVariable: { name: ref, simple: '${body[ref]}' }",
        "- setVariable: { name: ref, jsonpath: '$.commits[0].id' }",
        // the usual step of old, and the like
        "- marshal: { json: {} }",
        "- setHeader: { name: Content-Type, constant: application/json }\\n- convertBodyTo: { type: String }",
        "- setHeader: { name: Content-Type, constant: application/json }\\n- convertBodyTo: { type: 'byte[]' }",
        "- setBody: { simple: '${bodyAs(String)}' }\\n- setHeader: { name: Content-Type, constant: application/json }",
        "- removeHeaders: { pattern: '*' }"
      })
  void howeverItGetsThereItIsTheSameJson(String steps) throws Exception {
    try (RunningRoutes routes = posting(steps.replace("\\n", "\n"))) {
      routes.deliver(delivery, "end");

      Request request = sent();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.contentTypes()).hasSize(1);
      assertThat(request.contentTypes().get(0)).startsWith("application/json");
      assertThat(json(request.body())).isEqualTo(json(PAYLOAD));
      assertThat(request.body()).contains("12345678901234567890123", "1.10", "9007199254740993");
    }
  }

  @Test
  void dynamicUrisAndRecipientListsGetJsonToo() throws Exception {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("dynamic")
                        .toD(url + "${header.X-GitHub-Event}")
                        .to("mock:end")),
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("list")
                        .recipientList(r.constant(url + "a," + url + "b"))
                        .to("mock:end")),
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("taps")
                        .wireTap(url + "tapped")
                        .to("mock:end")))) {
      routes.log().append(delivery).join();

      for (int call = 0; call < 4; call++) {
        assertThat(sent()).isEqualTo(new Request("POST", List.of("application/json"), PAYLOAD));
      }
    }
  }

  @Test
  void aRouteMayNameAnotherContentType() throws Exception {
    try (RunningRoutes routes =
        posting("- setHeader: { name: Content-Type, constant: application/cloudevents+json }")) {
      routes.deliver(delivery, "end");

      assertThat(sent().contentTypes()).containsExactly("application/cloudevents+json");
    }
  }

  @Test
  void aTextMadeOfItIsNotCalledJson() throws Exception {
    try (RunningRoutes routes =
        posting("- to: %s\n- setBody: { simple: 'hello' }".formatted(url + "first"))) {
      routes.deliver(delivery, "end");

      assertThat(sent().contentTypes()).containsExactly("application/json");
      assertThat(sent().contentTypes()).doesNotContain("application/json");
    }
  }

  @Test
  void theJsonHasWhatAStepChanged() throws Exception {
    try (RunningRoutes routes =
        posting(
            """
            - script: { simple: "${body.remove('ref')}" }
            - script: { simple: "${body[repository].put('archived', 'no')}" }
            - script: { simple: "${body[commits].remove(0)}" }
            - script: { simple: "${body.put('sent', 'größe 🚀')}" }
            """)) {
      routes.deliver(delivery, "end");

      String text = sent().body();
      assertThat(text).contains("\"größe 🚀\"");
      JsonNode json = json(text);
      assertThat(json.has("ref")).isFalse();
      assertThat(json.at("/repository/archived").asText()).isEqualTo("no");
      assertThat(json.at("/commits")).hasSize(1);
    }
  }

  @Test
  void thePartsOfASplitAreJsonToo() throws Exception {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: splits
                    from:
                      uri: github-webhook:*
                      steps:
                        - split: { simple: "${body[commits]}", steps: [ { to: %1$s } ] }
                        - split: { jsonpath: "$.commits[*]", steps: [ { to: %1$s } ] }
                        - setVariable: { name: push, simple: "${body}" }
                        - setBody: { jsonpath: "$.commits[*]" }
                        - to: %1$s
                        - setBody: { simple: "${variable.push[commits]}" }
                        - to: %1$s
                        - to: mock:end
                """
                    .formatted(url))
            .start()) {
      routes.deliver(delivery, "end");

      String first = "{\"id\":\"a\",\"n\":9007199254740993}";
      String second = "{\"id\":\"b\",\"n\":0.30}";
      String both = "[" + first + "," + second + "]";
      List<Request> sent = IntStream.range(0, 6).mapToObj(call -> sent()).toList();
      assertThat(sent)
          .extracting(Request::body)
          .containsExactly(first, second, first, second, both, both);
      assertThat(sent).allMatch(call -> call.contentTypes().equals(List.of("application/json")));
    }
  }

  @Test
  void aFileIsJson(@TempDir Path directory) throws Exception {
    try (RunningRoutes routes = steps("- to: file:" + directory + "?fileName=a.json")) {
      routes.deliver(delivery, "end");

      assertThat(Files.readString(directory.resolve("a.json"))).isEqualTo(PAYLOAD);
    }
  }

  @Test
  void aMailIsJson() throws Exception {
    GreenMail mails = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    mails.start();
    try (RunningRoutes routes =
        steps(
            """
            - removeHeaders: { pattern: '*' }
            - to: "smtp:localhost:%d?to=a@localhost&from=b@localhost&contentType=text/plain; charset=UTF-8"
            """
                .formatted(mails.getSmtp().getPort()))) {
      routes.deliver(delivery, "end");

      assertThat(json(mails.getReceivedMessages()[0].getContent().toString()))
          .isEqualTo(json(PAYLOAD));
    } finally {
      mails.stop();
    }
  }

  @Test
  void aChatMessageIsJson() throws Exception {
    try (RunningRoutes routes = steps("- to: \"slack:#a?webhookUrl=" + url + "\"")) {
      routes.outcome(delivery);

      assertThat(json(json(sent().body()).get("text").asText())).isEqualTo(json(PAYLOAD));
    }
  }

  @Test
  void everyTypeAConnectorAsksForIsJson() throws Exception {
    try (RunningRoutes routes = steps("")) {
      for (String form : List.of("unread", "read", "object", "array")) {
        Exchange exchange = routes.deliver(Deliveries.json("push", PAYLOAD), "end");
        JsonNode expected = json(PAYLOAD);
        Object body = exchange.getMessage().getBody();
        if (!form.equals("unread")) {
          LazyPayload payload = (LazyPayload) body;
          expected = form.equals("read") ? expected : expected.get(member(form));
          body = form.equals("read") ? readIt(payload) : payload.get(member(form));
        }
        exchange.getMessage().setBody(body);
        for (String text : texts(exchange)) {
          assertThat(json(text)).as(form).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"${body}", "${bodyAs(String)}", "${mandatoryBodyAs(String)}", "${prettyBody}"})
  void simpleWritesItAsJson(String expression) throws Exception {
    try (RunningRoutes routes = steps("- setBody: { simple: \"a: " + expression + "\" }")) {
      String text = routes.deliver(delivery, "end").getMessage().getBody(String.class);

      assertThat(text).startsWith("a: {");
      assertThat(json(text.substring(3))).isEqualTo(json(PAYLOAD));
    }
  }

  @Test
  void aFormsPayloadIsTheJsonInIt() throws Exception {
    try (RunningRoutes routes = posting("")) {
      routes.deliver(Deliveries.form("push", PAYLOAD), "end");

      assertThat(sent()).isEqualTo(new Request("POST", List.of("application/json"), PAYLOAD));
    }
  }

  @Test
  void halfASurrogatePairDoesNotStopIt() throws Exception {
    String payload = "{\"title\":\"cut off \\ud83d\",\"é\":1}";
    try (RunningRoutes routes = posting("- script: { simple: '${body[title]}' }")) {
      routes.deliver(Deliveries.json("push", payload), "end");

      assertThat(json(sent().body())).isEqualTo(json(payload));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'a':|'x'|}", "[|'x'|]"})
  void howeverDeepItIsNestedItIsReadAndWritten(String level) throws Exception {
    String[] parts = level.replace('\'', '"').split("\\|", -1);
    String payload = "{\"a\":" + parts[0].repeat(990) + parts[1] + parts[2].repeat(990) + "}";
    try (RunningRoutes routes = posting("- setVariable: { name: a, simple: '${body[b]}' }")) {
      routes.deliver(Deliveries.json("push", payload), "end");

      assertThat(sent().body()).isEqualTo(payload);
    }
  }

  private Request sent() {
    try {
      Request request = requests.poll(10, TimeUnit.SECONDS);
      assertThat(request).as("a request").isNotNull();
      return request;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RunningRoutes posting(String steps) {
    return steps(steps.stripTrailing() + "\n- to: " + url);
  }

  private static RunningRoutes steps(String steps) {
    return new RunningRoutes()
        .yaml(
            """
            - route:
                id: steps
                from:
                  uri: github-webhook:*
                  parameters: { maxAttempts: 1 }
                  steps:
            %s
                    - to: mock:end
            """
                .formatted(steps.strip().indent(8)))
        .start();
  }

  private static String member(String form) {
    return form.equals("object") ? "repository" : "commits";
  }

  private static Object readIt(LazyPayload payload) {
    assertThat(payload.get("ref")).isNotNull();
    return payload;
  }

  private static List<String> texts(Exchange exchange) throws IOException {
    List<String> texts = new ArrayList<>();
    texts.add(exchange.getMessage().getBody(String.class));
    texts.add(new String(exchange.getMessage().getBody(byte[].class), UTF_8));
    texts.add(UTF_8.decode(exchange.getMessage().getBody(ByteBuffer.class)).toString());
    try (InputStream stream = exchange.getMessage().getBody(InputStream.class);
        Reader reader = exchange.getMessage().getBody(Reader.class)) {
      texts.add(new String(stream.readAllBytes(), UTF_8));
      StringBuilder read = new StringBuilder();
      for (int character = reader.read(); character >= 0; character = reader.read()) {
        read.append((char) character);
      }
      texts.add(read.toString());
    }
    return texts;
  }

  private static JsonNode json(String text) {
    try {
      return EXACT.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}

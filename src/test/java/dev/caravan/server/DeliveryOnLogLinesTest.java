package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.logging.LogFormat;
import dev.caravan.logging.PrintedLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the whole program prints about deliveries, its routes included. */
class DeliveryOnLogLinesTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String HOSTILE = "\r\n00:00:00.000 ERROR forged \u001b[2J \u202egnp";

  @TempDir Path directory;
  private final PrintedLog log = new PrintedLog(LogFormat.TEXT);
  private CaravanServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("routes"));
    Files.writeString(
        directory.resolve("routes/test.camel.yaml"),
        """
        - route:
            id: hops
            from:
              uri: github-webhook:push
              steps:
                - log: "at the start"
                - to: "log:component?showBody=false"
                - filter:
                    simple: "${header.X-GitHub-Event} == 'push'"
                    steps:
                      - log: "within a step"
                - log: "after a step"
                - removeHeaders: { pattern: "*" }
                - multicast:
                    parallelProcessing: "true"
                    steps:
                      - to: direct:branch
                      - to: seda:hop
                - delay: { constant: "1", asyncDelayed: "true" }
                - log: "after a wait"
                - threads: {}
                - log: "on another thread"
        - route:
            id: branch
            from:
              uri: direct:branch
              steps:
                - log: "in a branch"
        - route:
            id: behind
            from:
              uri: seda:hop
              steps:
                - log: "behind seda"
        - route:
            id: alarm
            from:
              uri: timer:alarm?repeatCount=1&delay=-1
              steps:
                - log: "of no delivery"
        - route:
            id: hostile
            from:
              uri: github-webhook:issues
              steps:
                - log: "titled ${body[title]}"
                - marshal: { json: { prettyPrint: "true" } }
                - log: "${body}"
        - route:
            id: failing
            from:
              uri: github-webhook:star
              parameters: { maxAttempts: 1 }
              steps:
                - to: seda:failing?waitForTaskToComplete=Never
        - route:
            id: failed
            from:
              uri: seda:failing
              steps:
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: "about ${body[title]}"
        """);
    server =
        CaravanServer.start(
            () ->
                new SettingSources(Map.of())
                    .read(
                        null,
                        Map.of(
                            "camel.server.port",
                            "0",
                            "camel.management.port",
                            "0",
                            "caravan.secret",
                            SECRET,
                            "caravan.routes",
                            directory.resolve("routes").toString(),
                            "caravan.data",
                            directory.resolve("data").toString())));
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  @Test
  void everyLineOfARouteNamesItsDeliveryWhicheverThreadItIsOn() throws Exception {
    post("push", "72d3162e", SECRET);

    await().untilAsserted(() -> assertThat(log.text()).contains("on another thread"));
    await().untilAsserted(() -> assertThat(log.text()).contains("behind seda"));
    for (String line :
        List.of(
            "at the start",
            "Exchange[",
            "within a step",
            "after a step",
            "in a branch",
            "behind seda",
            "after a wait",
            "on another thread")) {
      assertThat(log.of(line)).contains(" [push acme/rocket 72d3162e] " + line);
    }
    assertThat(log.of("of no delivery")).doesNotContain("[");
  }

  @Test
  void whatAPayloadSaysCannotForgeALine() throws Exception {
    post("issues", "72d3162e", SECRET);

    await().untilAsserted(() -> assertThat(log.text()).contains("\"title\" :"));
    assertThat(log.of("titled"))
        .endsWith(
            " [issues acme/rocket 72d3162e] titled \\r\\n00:00:00.000 ERROR forged \\u001b[2J \\u202egnp\n");
    assertThat(log.of("\"title\" :"))
        .contains(" [issues acme/rocket 72d3162e] {\n      \"repository\" : {\n")
        .contains(
            "\n      \"title\" : \"\\r\\n00:00:00.000 ERROR forged \\u001B[2J \\u202egnp\"\n");
    assertThat(log.text()).doesNotContainPattern("(?m)^00:00:00.000");
  }

  @Test
  void theLineAboutAFailureNamesItToo() throws Exception {
    post("star", "72d3162e", SECRET);

    await().untilAsserted(() -> assertThat(log.text()).contains("Dead-lettered"));
    assertThat(log.of("Dead-lettered"))
        .contains(" [star acme/rocket 72d3162e] ")
        .contains("about  00:00:00.000 ERROR forged") // as ErrorSentence writes it
        .hasLineCount(1);
    assertThat(log.text()).doesNotContainPattern("(?m)^00:00:00.000");
  }

  @Test
  void aRefusedRequestIsNamedAsItsClientCallsIt() throws Exception {
    post("push", "72d3162e", "wrong");

    await().untilAsserted(() -> assertThat(log.text()).contains("was refused with 403"));
    assertThat(log.of("was refused with 403")).contains(" [push 72d3162e] A request");
  }

  @Test
  void butOnlyWithNamesThatCanBePrinted() throws Exception {
    post("pu[sh", "72d3162e] x", "wrong");

    await().untilAsserted(() -> assertThat(log.text()).contains("was refused with 403"));
    assertThat(log.of("was refused with 403")).doesNotContain("[");
  }

  private void post(String event, String guid, String secret)
      throws IOException, InterruptedException, GeneralSecurityException {
    byte[] body =
        new JsonObject()
            .put("repository", new JsonObject().put("full_name", "acme/rocket"))
            .put("title", HOSTILE)
            .encode()
            .getBytes(UTF_8);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url()))
                    .header("Content-Type", "application/json")
                    .header("X-GitHub-Event", event)
                    .header("X-GitHub-Delivery", guid)
                    .header(
                        "X-Hub-Signature-256",
                        "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build(),
                BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(secret.equals(SECRET) ? 202 : 403);
  }
}

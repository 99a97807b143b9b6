package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.logging.LogFormat;
import dev.caravan.logging.PrintedLog;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the whole program prints about deliveries, its routes included. */
class DeliveryOnLogLinesTest {
  private static final String HOSTILE = "\r\n00:00:00.000 ERROR forged \u001b[2J \u202egnp";

  @TempDir Path directory;
  private final PrintedLog log = new PrintedLog(LogFormat.TEXT);
  private Site site;

  @BeforeEach
  void start() {
    site =
        new Site(directory)
            .route(
                "test.camel.yaml",
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
              uri: seda:hop?pollTimeout=50
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
              uri: seda:failing?pollTimeout=50
              steps:
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: "about ${body[title]}"
        """)
            .start();
  }

  @AfterEach
  void stop() {
    site.close();
    log.close();
  }

  @Test
  void everyLineOfARouteNamesItsDeliveryWhicheverThreadItIsOn() {
    post("push", "72d3162e", Site.SECRET);

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
    assertThat(log.of("at the start")).contains(" INFO  hops "); // the route, not file and line
    assertThat(log.of("of no delivery")).doesNotContain("[");
  }

  @Test
  void whatAPayloadSaysCannotForgeALine() {
    post("issues", "72d3162e", Site.SECRET);

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
  void theLineAboutAFailureNamesItsDelivery() {
    post("star", "72d3162e", Site.SECRET);

    await().untilAsserted(() -> assertThat(log.text()).contains("Dead-lettered"));
    assertThat(log.of("Dead-lettered"))
        .contains(" [star acme/rocket 72d3162e] ")
        .contains("about  00:00:00.000 ERROR forged") // as ErrorSentence writes it
        .hasLineCount(1);
    assertThat(log.text()).doesNotContainPattern("(?m)^00:00:00.000");
  }

  @Test
  void aRefusedRequestIsNamedAsItsClientCallsIt() {
    post("push", "72d3162e", "wrong");

    await().untilAsserted(() -> assertThat(log.text()).contains("was refused with 403"));
    assertThat(log.of("was refused with 403")).contains(" [push 72d3162e] A request");
  }

  @Test
  void aRefusedRequestIsNamedOnlyByNamesThatCanBePrinted() {
    post("pu[sh", "72d3162e] x", "wrong");

    await().untilAsserted(() -> assertThat(log.text()).contains("was refused with 403"));
    assertThat(log.of("was refused with 403")).doesNotContain("[");
  }

  private void post(String event, String guid, String secret) {
    String payload =
        new JsonObject()
            .put("repository", new JsonObject().put("full_name", "acme/rocket"))
            .put("title", HOSTILE)
            .encode();
    assertThat(site.post(event, guid, payload, secret))
        .isEqualTo(secret.equals(Site.SECRET) ? 202 : 403);
  }
}

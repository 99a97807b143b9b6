package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.logging.LogFormat;
import dev.caravan.logging.PrintedLog;
import java.nio.file.Path;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever fails in a route leaves one line, whether an attempt waits for it or not. */
class FailuresBesideTest {
  private static final String ROUTES =
      """
      - onException:
          exception: [java.io.IOException]
          continued: { constant: "true" }
      - beans:
          - name: last
            type: dev.caravan.server.FailuresBesideTest$Last
      - route:
          id: taps
          from:
            uri: github-webhook:push
            steps:
              - wireTap: { uri: "direct:tapped" }
      - route:
          id: tapped
          from:
            uri: direct:tapped
            steps:
              - throwException: { exceptionType: java.lang.IllegalStateException, message: "of the tap" }
      - route:
          id: queues
          from:
            uri: github-webhook:issues
            steps:
              - to: seda:both?multipleConsumers=true
      - route:
          id: reads
          from:
            uri: seda:both?multipleConsumers=true&pollTimeout=50
            steps:
              - log: "read"
      - route:
          id: reads-too
          from:
            uri: seda:both?multipleConsumers=true&pollTimeout=50
            steps:
              - throwException: { exceptionType: java.lang.IllegalStateException, message: "of the second reader" }
      - route:
          id: branches
          from:
            uri: github-webhook:star
            steps:
              - multicast:
                  aggregationStrategy: "#last"
                  steps:
                    - throwException: { exceptionType: java.lang.IllegalStateException, message: "of a branch" }
                    - log: "the other branch"
      - route:
          id: completes
          from:
            uri: github-webhook:watch
            steps:
              - onCompletion:
                  mode: AfterConsumer
                  steps:
                    - throwException: { exceptionType: java.lang.IllegalStateException, message: "of the completion" }
              - log: "done"
      - route:
          id: fails
          from:
            uri: github-webhook:fork
            parameters: { maxAttempts: 1 }
            steps:
              - multicast:
                  stopOnException: "true"
                  steps:
                    - throwException: { exceptionType: java.lang.IllegalStateException, message: "of the attempt" }
      - route:
          id: heals
          from:
            uri: github-webhook:create
            steps:
              - throwException: { exceptionType: java.io.IOException, message: "handled by the route" }
      - route:
          id: ticked
          from:
            uri: direct:ticked
            steps:
              - throwException: { exceptionType: java.lang.IllegalStateException, message: "tapped off a timer" }
      - route:
          id: ticks
          from:
            uri: timer:once
            parameters: { repeatCount: 1, delay: 1 }
            steps:
              - wireTap: { uri: "direct:ticked" }
              - throwException: { exceptionType: java.lang.IllegalStateException, message: "of itself" }
      """;

  /** Takes what came last, whatever became of those before. */
  public static final class Last implements AggregationStrategy {
    @Override
    public Exchange aggregate(Exchange before, Exchange last) {
      return last;
    }
  }

  @TempDir Path directory;
  private Site site;
  private PrintedLog log;

  @BeforeEach
  void start() {
    log = new PrintedLog(LogFormat.TEXT);
    site = new Site(directory);
    site.route("a.camel.yaml", ROUTES);
    site.start();
  }

  @AfterEach
  void stop() {
    site.close();
    log.close();
  }

  @ParameterizedTest
  @CsvSource({
    "push, tapped, of the tap",
    "issues, reads-too, of the second reader",
    "star, branches, of a branch",
    "watch, completes, of the completion",
  })
  void aFailureThatIsNotTheAttemptsOwnLeavesOneLine(String event, String route, String message) {
    site.post(event, "guid-1", "{}");

    await().untilAsserted(() -> assertThat(log.text()).contains(message));
    assertThat(log.of(message))
        .contains(" ERROR ", "[" + event + " guid-1]", "Route \"" + route + "\" failed beside")
        .hasLineCount(1);
    await()
        .untilAsserted(
            () -> assertThat(site.json("/api/deliveries").encode()).contains("completed"));
    assertThat(log.text()).containsOnlyOnce(message);
  }

  @Test
  void anErrorThatFailsTheAttemptIsLoggedOnlyInTheAttemptsLine() {
    site.post("fork", "guid-1", "{}");

    await().untilAsserted(() -> assertThat(log.text()).contains("Dead-lettered"));
    assertThat(log.text()).containsOnlyOnce("of the attempt");
    assertThat(log.of("of the attempt")).contains("Delivery guid-1 (fork) to \"fails\" failed");
  }

  @Test
  void anErrorThatTheRouteHandlesIsNotLogged() {
    site.post("create", "guid-1", "{}");

    await()
        .untilAsserted(
            () -> assertThat(site.json("/api/deliveries").encode()).contains("completed"));
    assertThat(log.text()).doesNotContain("handled by the route");
  }

  @Test
  void anErrorInARouteWithoutADeliveryIsLoggedToo() {
    await().untilAsserted(() -> assertThat(log.text()).contains("tapped off a timer"));
    assertThat(log.text()).containsOnlyOnce("tapped off a timer");
    assertThat(log.of("tapped off a timer")).contains(" ERROR ", "Route \"ticked\" failed: Illeg");
    await().untilAsserted(() -> assertThat(log.text()).contains("of itself"));
    assertThat(log.text()).containsOnlyOnce("of itself");
  }
}

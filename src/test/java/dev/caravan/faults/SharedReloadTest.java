package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes under load what route files share, and files of the less usual kinds: templates,
 * Kamelets, beans, configurations, Java, many routes in one file, routes that another file calls,
 * coalesce.
 */
class SharedReloadTest {
  private static final int CLIENTS = 5;
  private static final int MANY = 6;
  private static final Duration WORK = Duration.ofMillis(10);
  private static final String NEWEST = "newest";

  private static final String TOOLS =
      """
      - beans:
          - name: counted
            type: java.util.concurrent.atomic.AtomicLong
      - routeConfiguration:
          id: patient
          onException:
            - onException:
                exception: [java.io.IOException]
                redeliveryPolicy: { maximumRedeliveries: 2, redeliveryDelay: 50 }
      - routeTemplate:
          id: sending
          parameters:
            - name: address
          route:
            routeConfigurationId: patient
            from:
              uri: github-webhook:*
              parameters: { payload: raw }
              steps:
                - setProperty: { name: round, constant: "%s" }
                - %s: "{{address}}"
      """;

  private static final String KAMELET =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: post
      spec:
        definition:
          title: Post
          type: object
          properties:
            address: { title: Where, type: string }
        template:
          from:
            uri: kamelet:source
            steps:
              - setProperty: { name: round, constant: "%s" }
              - to: "{{address}}"
      """;

  @TempDir Path directory;

  private final Destination destination = new Destination();

  @Test
  void changingWhatIsSharedUnderLoadRefusesLosesAndRepeatsNothing() throws IOException {
    change(2, Duration.ofMillis(400)); // a hundred deliveries or two, each to eleven subscriptions
  }

  @Test
  @Tag("long")
  void changingWhatIsSharedUnderLoadForMinutesRefusesLosesAndRepeatsNothing() throws IOException {
    change(20, Duration.ofMillis(40));
  }

  private void change(int rounds, Duration pause) throws IOException {
    Site site = new Site(directory);
    destination.takeTime(WORK);
    String templated =
        """
        - templatedRoute:
            routeId: templated
            routeTemplateRef: sending
            parameters: [{ name: address, value: "%s" }]
        """
            .formatted(destination.address("templated", 0));
    String kamelet = with("kamelet", "- to: \"kamelet:post?address=%s\"");
    String bean =
        with(
            "bean",
            """
            - setHeader: { name: n, simple: "${bean:counted?method=incrementAndGet}" }
                    - to: %s""");
    String many =
        IntStream.rangeClosed(1, MANY)
            .mapToObj(number -> with("many-" + number, "- to: %s"))
            .collect(Collectors.joining());
    String calling =
        """
        - route:
            id: calling
            from:
              uri: github-webhook:*
              parameters: { payload: raw }
              steps:
                - to: direct:called
        """;
    String called =
        """
        - route:
            id: called
            from:
              uri: direct:called
              steps:
                - to: %s
        """
            .formatted(destination.address("calling", 0));
    String java =
        """
        import org.apache.camel.builder.RouteBuilder;

        public class Sender extends RouteBuilder {
          @Override
          public void configure() {
            from("github-webhook:*?payload=raw").routeId("java").to("%s");
          }
        }
        """
            .formatted(destination.address("java", 0));
    String newest = destination.route(NEWEST, "*", "coalesce: 100ms", 0);
    site.file("shared/tools.camel.yaml", TOOLS.formatted("0", "to"))
        .file("shared/post.kamelet.yaml", KAMELET.formatted("0"))
        .route("templated", templated)
        .route("kamelet", kamelet)
        .route("bean", bean)
        .route("many", many)
        .route("calling", calling)
        .route("called", called)
        .route(NEWEST, newest)
        .file("Sender.java", java);
    try (destination;
        CaravanProcess caravan = site.startReady();
        Load load = new Load(CLIENTS, pause)) {
      load.sendTo(caravan.hook());
      for (int round = 1; round <= rounds; round++) {
        boolean odd = round % 2 == 1;
        if (odd) { // what nobody can run with, and what they need is gone
          site.file("shared/tools.camel.yaml", TOOLS.formatted(round, "no-such-step"));
          Files.delete(directory.resolve("routes/shared/post.kamelet.yaml"));
        } else {
          site.file("shared/tools.camel.yaml", TOOLS.formatted(round, "to"));
          site.file("shared/post.kamelet.yaml", KAMELET.formatted(round));
        }
        site.route("many", many + "# edited in round " + round + "\n");
        site.route("calling", calling + "# edited in round " + round + "\n");
        site.route(NEWEST, newest + "# edited in round " + round + "\n");
        site.file("Sender.java", java + "// edited in round " + round + "\n");
        int mended = round / 2;
        awaitLines(caravan, "post.kamelet.yaml: it is gone, and is needed", (round + 1) / 2);
        awaitLines(caravan, "stays in use: [counted, patient, sending]", (round + 1) / 2);
        for (String file : List.of("templated", "kamelet")) {
          awaitLines(caravan, "Routes of " + file + ".camel.yaml replaced", mended);
        }
        for (String file :
            List.of("many.camel.yaml", "calling.camel.yaml", "newest.camel.yaml", "Sender.java")) {
          awaitLines(caravan, "Routes of " + file + " replaced", round);
        }
      }
      load.end();

      assertThat(load.accepted()).hasSizeGreaterThan(rounds * CLIENTS);
      assertThat(load.otherAnswers()).as("answers but 202").isEmpty();
      assertThat(load.unanswered()).as("requests without an answer").isZero();
      awaitCompletion(load.accepted());
      for (var subscription : destination.all()) {
        String name = subscription.getKey();
        Arrivals arrivals = subscription.getValue();
        assertThat(arrivals.completedAgain()).as("run twice by " + name).isZero();
        assertThat(arrivals.overlappingLanes()).as("two at once of a lane in " + name).isEmpty();
        assertThat(arrivals.firstAttempts().values())
            .as("order in " + name)
            .allSatisfy(numbers -> assertThat(numbers).isSorted());
      }
      assertThat(destination.at(NEWEST).completed())
          .isPositive()
          .isLessThanOrEqualTo(load.accepted().size());
      assertThat(caravan.stop()).isZero();
    }
  }

  /** A route of that id with a step that sends. */
  private String with(String id, String step) {
    return """
      - route:
          id: %s
          from:
            uri: github-webhook:*
            parameters: { payload: raw }
            steps:
              %s
      """
        .formatted(id, step.formatted(destination.address(id, 0)));
  }

  private static void awaitLines(CaravanProcess caravan, String text, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(caravan.output().lines().filter(line -> line.contains(text)))
                    .as(text)
                    .hasSize(count));
  }

  private void awaitCompletion(Map<String, SignedPush> accepted) {
    Set<String> newestOfLanes =
        accepted.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    SignedPush::laneOf,
                    Collectors.maxBy(Comparator.comparing(SignedPush::numberOf))))
            .values()
            .stream()
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              for (var subscription : destination.all()) {
                assertThat(subscription.getKey().equals(NEWEST) ? newestOfLanes : accepted.keySet())
                    .as("accepted, and not completed by " + subscription.getKey())
                    .allMatch(subscription.getValue()::hasCompleted);
              }
            });
  }
}

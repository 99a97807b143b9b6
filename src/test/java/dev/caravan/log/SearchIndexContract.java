package dev.caravan.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.EventFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found with an index is what is found without it. */
public abstract class SearchIndexContract extends LogContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  protected static final int COUNT = 2200;

  /** How many stretches are in the index. */
  protected abstract int stretches();

  @BeforeEach
  void fill() {
    log.subscribe(
        log.wanted("ci", "push").retry(1, Duration.ZERO).settings(),
        attempt -> {
          if (number(attempt.delivery()) % 97 == 0) {
            attempt.failed(new IllegalStateException("port 8080 is closed"));
          } else {
            attempt.succeeded();
          }
        });
    append(0, COUNT);
    log.append(delivery(7, "{\"another\":\"payload\"}"));
    await()
        .until(
            () ->
                log.history().count(DeliveryQuery.ALL.outcome(Outcome.COMPLETED, "ci"))
                        + log.history().count(DeliveryQuery.ALL.outcome(Outcome.DEAD_LETTER, "ci"))
                    == log.history().count(push()) - 1);
  }

  @Test
  void searchesFindTheSameWithTheIndexAsWithoutIt() {
    List<String> before = answers();

    engine.index();

    assertThat(stretches()).isEqualTo(2);
    assertThat(answers()).isEqualTo(before);
    assertThat(before).noneMatch(answer -> answer.startsWith("0 "));
  }

  protected List<String> answers() {
    List<DeliveryQuery> queries =
        List.of(
            DeliveryQuery.ALL,
            push(),
            DeliveryQuery.ALL.of(EventFilter.parse("issues.opened", "acme/r*-3")),
            DeliveryQuery.ALL.sentBy("PERSON-4"),
            DeliveryQuery.ALL.received(NOON.plusSeconds(100), NOON.plusSeconds(1500)),
            DeliveryQuery.ALL.about(Topic.parse("#77")),
            DeliveryQuery.ALL.about(Topic.parse(commit(1234))),
            DeliveryQuery.ALL.about(Topic.parse(commit(1234).substring(0, 9))),
            DeliveryQuery.ALL.about(Topic.parse("main")).sentBy("person-4"),
            DeliveryQuery.ALL.withGuid(guid(7)),
            DeliveryQuery.ALL.containing("\"title 1500\"").sentBy("person-5"),
            DeliveryQuery.ALL.outcome(Outcome.ANY, "ci"),
            DeliveryQuery.ALL.outcome(Outcome.COMPLETED, "ci").sentBy("person-4"),
            DeliveryQuery.ALL.outcome(Outcome.COMPLETED, null),
            DeliveryQuery.ALL.outcome(Outcome.FAILED, null),
            push().outcome(Outcome.DEAD_LETTER, "ci"),
            DeliveryQuery.ALL.deadLettered(new DeadLetterFilter(null, null, "port 1")));
    List<Replay> dryRuns = // all at once, as some engines let each wait a moment
        queries.stream()
            .map(query -> log.replay(new ReplayRequest(query, "ci", 100, true)))
            .toList();
    List<String> answers = new ArrayList<>();
    for (int index = 0; index < queries.size(); index++) {
      DeliveryQuery query = queries.get(index);
      ReplayProgress dryRun = dryRuns.get(index).end().join();
      answers.add(log.history().count(query) + " " + guids(query) + " " + dryRun);
    }
    return answers;
  }

  /** How many of each query are listed; an engine may take long for each. */
  protected int mostListed() {
    return Integer.MAX_VALUE;
  }

  protected int pageSize() {
    return 700;
  }

  private List<String> guids(DeliveryQuery query) {
    List<String> guids = new ArrayList<>();
    DeliveryPage page = log.history().list(query, pageSize());
    page.deliveries().forEach(delivery -> guids.add(delivery.guid()));
    while (page.next() != null && guids.size() < mostListed()) {
      page = log.history().list(query.before(page.next()), pageSize());
      page.deliveries().forEach(delivery -> guids.add(delivery.guid()));
    }
    return guids;
  }

  private static DeliveryQuery push() {
    return DeliveryQuery.ALL.of(EventFilter.parse("push", null));
  }

  protected void append(int from, int to) {
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int number = from; number < to; number++) {
      String mention =
          number % 2 == 0 ? ",\"pull_requests\":[{\"number\":%d}]".formatted(number % 100) : "";
      receipts.add(
          log.log()
              .append(
                  delivery(
                      number,
                      "{\"after\":\"%s\",\"title\":\"title %d\"%s}"
                          .formatted(commit(number), number, mention))));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
  }

  private static Delivery delivery(int number, String body) {
    boolean push = number % 3 != 0;
    return new Delivery(
        guid(number),
        push ? "push" : "issues",
        new Delivery.Subject(
            push ? null : "opened",
            number % 11 == 0 ? null : "acme/rocket-" + number % 7,
            null,
            null,
            "person-" + number % 13,
            push ? "refs/heads/main" : "#" + number % 100),
        NOON.plusSeconds(number),
        Map.of(),
        Delivery.Encoding.JSON,
        body.getBytes(UTF_8));
  }

  protected static String guid(int number) {
    return "guid-" + number;
  }

  private static int number(Delivery delivery) {
    return Integer.parseInt(delivery.guid().substring("guid-".length()));
  }

  protected static String commit(int number) {
    return "%08x%032x".formatted(number * 0x9E3779B9, number + 1);
  }
}

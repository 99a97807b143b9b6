package dev.caravan.log;

import static dev.caravan.log.TestLog.delivery;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How deliveries are found, in every engine. */
public abstract class DeliveryQueryContract extends LogContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*                     | *             | 5,4,3,2,1",
        "push                  |               | 4,1",
        "issues.opened         |               | 2",
        "issues,push           |               | 5,4,2,1",
        "*                     | acme/*        | 3,2,1",
        "issues                | acme/rocket   | 2",
        "star                  |               | ''",
      })
  void deliveriesAreFoundByEventActionAndRepository(
      String events, String repository, String expected) {
    log.append(delivery("1", "push", null, "acme/rocket", "{}"));
    log.append(delivery("2", "issues", "opened", "acme/rocket", "{}"));
    log.append(delivery("3", "ping", null, "acme/moon", "{}"));
    log.append(delivery("4", "push", null, "other/moon", "{}"));
    log.append(delivery("5", "issues", "closed", "other/moon", "{}"));
    String glob = "*".equals(repository) ? null : repository;

    assertThat(found(DeliveryQuery.ALL.of(EventFilter.parse(events, glob)))).isEqualTo(expected);
  }

  @Test
  void deliveriesAreFoundByTheTimeTheyWereReceived() {
    appendMinutely(200);

    assertThat(
            log.history()
                .list(DeliveryQuery.ALL.received(minute(50), minute(53)), 100)
                .deliveries())
        .extracting(DeliverySummary::guid)
        .containsExactly("52", "51", "50");
    assertThat(log.history().count(DeliveryQuery.ALL.received(minute(190), null))).isEqualTo(10);
    assertThat(log.history().count(DeliveryQuery.ALL.received(null, minute(190)))).isEqualTo(190);
    assertThat(log.history().count(DeliveryQuery.ALL.received(Instant.MIN, Instant.MAX)))
        .isEqualTo(200);
    assertThat(log.history().count(DeliveryQuery.ALL.received(minute(9), minute(9)))).isZero();
  }

  @Test
  void aDeliveryAppendedLateIsStillFoundByTheTimeItWasReceived() {
    appendMinutely(50);
    log.append(at(received("late"), minute(48)));
    for (int minute = 50; minute < 100; minute++) {
      log.append(at(received(String.valueOf(minute)), minute(minute)));
    }

    assertThat(found(DeliveryQuery.ALL.received(minute(48), minute(49)))).isEqualTo("late,48");
  }

  @ParameterizedTest
  @CsvSource({"needle", "NEEDLE", "bob", "acme/special", "5f0e8d00-cc78-11e3-81ab-4c9367dc0958"})
  void aTextIsFoundInPayloadSenderRepositoryAndGuid(String text) {
    log.append(delivery("1", "push", null, "acme/rocket", "{}"));
    String guid = "5f0e8d00-cc78-11e3-81ab-4c9367dc0958";
    log.append(by("bob", guid, "acme/special", "{\"title\":\"a Needle, é\"}"));
    log.append(delivery("2", "push", null, "acme/rocket", "{}"));

    assertThat(found(DeliveryQuery.ALL.containing(text))).isEqualTo(guid);
    assertThat(log.history().count(DeliveryQuery.ALL.containing(text))).isEqualTo(1);
  }

  @Test
  void aTextIsFoundInThePayloadOfAForm() {
    Delivery form =
        new Delivery(
            "1",
            "push",
            Delivery.Subject.NONE,
            Instant.now(),
            Map.of(),
            Delivery.Encoding.FORM,
            "payload=%7B%22title%22%3A%22two+words%22%7D".getBytes(UTF_8));
    log.append(form);

    assertThat(found(DeliveryQuery.ALL.containing("\"two words\""))).isEqualTo("1");
  }

  @Test
  void pagesGiveEachDeliveryOnceWhileOthersAreAppended() {
    appendMinutely(1000);
    List<String> seen = new ArrayList<>();

    DeliveryPage page = log.history().list(DeliveryQuery.ALL, 7);
    while (page.next() != null) {
      page.deliveries().forEach(delivery -> seen.add(delivery.guid()));
      log.append(delivery("new" + seen.size(), "push", null, "a/b", "{}"));
      page = log.history().list(DeliveryQuery.ALL.before(page.next()), 7);
    }
    page.deliveries().forEach(delivery -> seen.add(delivery.guid()));

    List<String> expected = new ArrayList<>();
    for (int minute = 999; minute >= 0; minute--) {
      expected.add(String.valueOf(minute));
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void aPageOfARareDeliveryInALongLogEndsEarlyAndSaysWhereToGoOn() {
    String body = "{\"filler\":\"" + "x".repeat(8 << 20) + "\"}";
    log.append(delivery("oldest", "push", null, "a/b", "{\"needle\":1}"));
    for (int index = 0; index < 12; index++) {
      log.append(delivery("filler" + index, "push", null, "a/b", body));
    }

    DeliveryPage first = log.history().list(DeliveryQuery.ALL.containing("needle"), 10);
    assertThat(first.deliveries()).isEmpty();
    assertThat(first.next()).isNotNull();
    DeliveryPage second =
        log.history().list(DeliveryQuery.ALL.containing("needle").before(first.next()), 10);
    assertThat(second.deliveries()).extracting(DeliverySummary::guid).containsExactly("oldest");
    assertThat(second.next()).isNull();
  }

  @Test
  void whatCameSinceAPageIsFoundByItsEnd() {
    appendMinutely(3);
    String end = log.history().list(DeliveryQuery.ALL, 1).end();
    assertThat(log.history().list(DeliveryQuery.ALL.after(end), 10).deliveries()).isEmpty();

    log.append(delivery("new", "push", null, "a/b", "{}"));

    assertThat(found(DeliveryQuery.ALL.after(end))).isEqualTo("new");
  }

  @Test
  void aGuidFindsTheFirstAndTheRepeatThatDiffers() {
    log.append(delivery("same", "push", null, "a/b", "{\"a\":1}"));
    log.append(delivery("other", "push", null, "a/b", "{}"));
    log.append(delivery("same", "push", null, "a/b", "{\"a\":2}"));

    List<DeliverySummary> found =
        log.history().list(DeliveryQuery.ALL.withGuid("same"), 10).deliveries();

    assertThat(found).extracting(DeliverySummary::differsFromFirst).containsExactly(true, false);
    assertThat(log.history().at(found.get(0).position()).orElseThrow().body())
        .asString()
        .isEqualTo("{\"a\":2}");
  }

  @Test
  void deliveriesAreFoundByWhatBecameOfThem() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "push").retry(1, Duration.ZERO).settings(),
        attempt -> {
          switch (attempt.delivery().guid()) {
            case "dead" -> attempt.failed(new IllegalStateException("no such branch"));
            case "held" -> held.add(attempt);
            default -> attempt.succeeded();
          }
        });
    log.subscribe(
        log.wanted("retrying", "push").retry(2, Duration.ofHours(1)).settings(),
        attempt -> {
          if (attempt.delivery().guid().equals("later")) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    for (String guid : List.of("done", "dead", "later")) {
      log.append(delivery(guid, "push", null, "a/" + guid, "{}"));
    }
    log.append(delivery("unwanted", "ping", null, "a/b", "{}"));
    log.append(delivery("held", "push", null, "a/held", "{}"));

    await()
        .untilAsserted(
            () -> {
              assertThat(found(with(Outcome.DEAD_LETTER, null))).isEqualTo("dead");
              assertThat(found(with(Outcome.DEAD_LETTER, "retrying"))).isEmpty();
              assertThat(found(with(Outcome.WAITING, null))).isEqualTo("held,later");
              assertThat(found(with(Outcome.WAITING, "ci"))).isEqualTo("held");
              assertThat(found(with(Outcome.FAILED, null))).isEqualTo("later,dead");
              assertThat(found(with(Outcome.COMPLETED, "ci"))).isEqualTo("later,done");
              assertThat(found(with(Outcome.ANY, "ci"))).isEqualTo("held,later,dead,done");
              assertThat(found(with(Outcome.ANY, "nobody"))).isEmpty();
            });
    DeliverySummary dead =
        log.history().list(DeliveryQuery.ALL.withGuid("dead"), 1).deliveries().get(0);
    assertThat(dead.outcomes())
        .extracting(SubscriptionOutcome::subscription, SubscriptionOutcome::state)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ci", SubscriptionOutcome.State.DEAD_LETTER),
            org.assertj.core.groups.Tuple.tuple("retrying", SubscriptionOutcome.State.COMPLETED));
    assertThat(dead.outcomes().get(0).error()).isEqualTo("IllegalStateException: no such branch");
    held.forEach(Attempt::succeeded);
  }

  @ParameterizedTest
  @CsvSource({
    "ADA, 'pull,push'",
    "ad, ''",
    "lin, issue",
  })
  void deliveriesAreFoundByWhoCausedThem(String sender, String expected) {
    appendOfSeveralTopics();

    assertThat(found(DeliveryQuery.ALL.sentBy(sender))).isEqualTo(expected);
    assertThat(log.history().count(DeliveryQuery.ALL.sentBy(sender)))
        .isEqualTo(expected.isEmpty() ? 0 : expected.split(",").length);
  }

  @ParameterizedTest
  @CsvSource({
    "77, 'pull,check'",
    "'#77', 'pull,check'",
    "7, ''",
    "12, issue",
    "abc123, 'pull,check,push'",
    "ABC1234567890abcdef1234567890abcdef12345, 'pull,check,push'",
    "abc124, ''",
    "dddddd, ''",
    "eeeeee, ''",
    "main, push",
    "refs/heads/main, push",
    "refs/tags/main, ''",
  })
  void deliveriesAreFoundByTheNumberCommitOrRefTheyAreAboutOrMention(
      String topic, String expected) {
    appendOfSeveralTopics();

    DeliveryQuery query = DeliveryQuery.ALL.about(Topic.parse(topic));
    assertThat(found(query)).isEqualTo(expected);
    assertThat(log.history().count(query))
        .isEqualTo(expected.isEmpty() ? 0 : expected.split(",").length);
  }

  private void appendOfSeveralTopics() {
    String commit = "abc1234567890abcdef1234567890abcdef12345";
    append(
        "push",
        "push",
        "ada",
        "refs/heads/main",
        "{\"before\":\"%s\",\"after\":\"%s\",\"commits\":[{\"id\":\"%s\",\"tree_id\": \"%s\"}]}"
            .formatted("d".repeat(40), commit, commit, "e".repeat(40)));
    append("issue", "issues", "lin", "#12", "{\"issue\":{\"number\":12}}");
    append(
        "check",
        "check_run",
        "grace",
        null,
        "{\"check_run\":{\"head_sha\":\"%s\",\"pull_requests\": [{\"id\":7,\"base\":{\"repo\":{\"number\":7}},\"number\": 77}]}}"
            .formatted(commit));
    append("pull", "pull_request", "ada", "#77", "{\"head\":{\"sha\":\"%s\"}}".formatted(commit));
  }

  private void append(String guid, String event, String sender, String thread, String body) {
    log.append(
        new Delivery(
            guid,
            event,
            new Delivery.Subject(null, "acme/rocket", null, null, sender, thread),
            Instant.now(),
            Map.of(),
            Delivery.Encoding.JSON,
            body.getBytes(UTF_8)));
  }

  @Test
  void deadLettersAreFoundByWhenAndWhyTheyWereGivenUpAndGroupedByTheirErrors() {
    log.subscribe(
        log.wanted("ci", "push").retry(1, Duration.ZERO).settings(),
        attempt ->
            attempt.failed(
                new IllegalStateException(
                    attempt.delivery().guid().equals("other")
                        ? "no such branch"
                        : "port " + attempt.delivery().guid() + " is closed")));
    for (String guid : List.of("81", "8082", "other")) {
      log.append(received(guid));
    }
    await().until(() -> log.history().subscriptions().get(0).deadLetters() == 3);

    assertThat(found(dead(null, null, "PORT 1 is"))).isEqualTo("8082,81");
    assertThat(found(dead(null, null, "branch"))).isEqualTo("other");
    assertThat(found(dead(null, NOON, null))).isEmpty();
    assertThat(found(dead(NOON, null, null))).isEqualTo("other,8082,81");
    assertThat(log.history().count(dead(null, null, "port 2"))).isEqualTo(2);
    List<DeadLetterGroup> groups = log.history().deadLetterGroups();
    assertThat(groups)
        .extracting(DeadLetterGroup::error, DeadLetterGroup::count)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("IllegalStateException: port # is closed", 2L),
            org.assertj.core.groups.Tuple.tuple("IllegalStateException: no such branch", 1L));
    assertThat(groups.get(0).example()).startsWith("IllegalStateException: port 8");
    assertThat(found(dead(null, null, groups.get(0).error()))).isEqualTo("8082,81");
  }

  private static DeliveryQuery dead(Instant from, Instant to, String error) {
    return DeliveryQuery.ALL.deadLettered(new DeadLetterFilter(from, to, error));
  }

  @Test
  void anInvalidPositionIsRefused() {
    assertThatThrownBy(() -> log.history().list(DeliveryQuery.ALL.before("x"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'x' is not a position.");
  }

  @Test
  void aRunningSubscriptionSaysHowFarBehindItIs() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("ci", "push").concurrency(1).settings(), held::add);
    log.append(at(received("first"), NOON));
    log.append(at(received("second"), NOON.plusSeconds(1)));
    log.append(delivery("unwanted", "ping", null, "a/b", "{}"));
    await().until(() -> log.history().subscriptions().get(0).inWork() == 1);

    KnownSubscription ci = log.history().subscriptions().get(0);

    assertThat(ci.running()).isTrue();
    assertThat(ci.events()).containsExactly("push");
    assertThat(ci.lag()).isEqualTo(2);
    assertThat(ci.oldestWaiting()).isEqualTo(NOON);
    assertThat(held).hasSize(1);
  }

  @Test
  void aPausedSubscriptionCountsWhatItHasNotReadByEventAndRepository() {
    log.subscribe(log.wanted("ci", "push").settings(), new Recorder());
    log.log().pause("ci");
    log.restart();
    log.subscribe(log.wanted("ci", "push").settings(), new Recorder());
    appendMinutely(600);
    log.append(delivery("unwanted", "ping", null, "a/b", "{}"));

    KnownSubscription ci = log.history().subscriptions().get(0);

    assertThat(ci.paused()).isTrue();
    assertThat(ci.lag()).isEqualTo(600);
    assertThat(ci.oldestWaiting()).isEqualTo(minute(0));
  }

  @Test
  void anIdleSubscriptionIsKnownWithItsDeadLetters() {
    log.subscribe(
        log.wanted("ci", "*").retry(1, Duration.ZERO).settings(),
        attempt -> attempt.failed(new IllegalStateException("no such branch")));
    log.append(received("dead"));
    await().until(() -> log.history().subscriptions().get(0).deadLetters() == 1);

    log.restart();

    KnownSubscription ci = log.history().subscriptions().get(0);
    assertThat(ci.running()).isFalse();
    assertThat(ci.deadLetters()).isEqualTo(1);
    assertThat(ci.lastError()).isEqualTo("IllegalStateException: no such branch");
    assertThat(ci.lag()).isZero();
  }

  @Test
  void anIdleSubscriptionIsPausedAndResumedByName() {
    log.subscribe(log.wanted("ci", "*").settings(), new Recorder());
    log.restart();

    log.log().pause("ci");
    assertThat(log.history().subscriptions().get(0).paused()).isTrue();
    log.log().resume("ci");
    assertThat(log.history().subscriptions().get(0).paused()).isFalse();
  }

  @Test
  void pausingAnUnknownSubscriptionSaysWhichThereAre() {
    log.subscribe(log.wanted("ci", "*").settings(), new Recorder());

    assertThatThrownBy(() -> log.log().pause("cd"))
        .isInstanceOf(UnknownSubscriptionException.class)
        .hasMessage("There is no subscription 'cd'. Known subscriptions: ci.");
    assertThat(log.log().trouble()).isEmpty();
  }

  private String found(DeliveryQuery query) {
    return String.join(
        ",",
        log.history().list(query, 100).deliveries().stream().map(DeliverySummary::guid).toList());
  }

  private static DeliveryQuery with(Outcome outcome, String subscription) {
    return DeliveryQuery.ALL.outcome(outcome, subscription);
  }

  private void appendMinutely(int count) {
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int minute = 0; minute < count; minute++) {
      receipts.add(log.log().append(at(received(String.valueOf(minute)), minute(minute))));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
  }

  private static Instant minute(int minute) {
    return NOON.plus(Duration.ofMinutes(minute));
  }

  private static Delivery received(String guid) {
    return delivery(guid, "push", null, "acme/rocket", "{}");
  }

  private static Delivery at(Delivery delivery, Instant time) {
    return new Delivery(
        delivery.guid(),
        delivery.event(),
        delivery.subject(),
        time,
        delivery.headers(),
        delivery.encoding(),
        delivery.body());
  }

  private static Delivery by(String sender, String guid, String repository, String body) {
    return new Delivery(
        guid,
        "push",
        new Delivery.Subject(null, repository, null, null, sender, null),
        Instant.now(),
        Map.of(),
        Delivery.Encoding.JSON,
        body.getBytes(UTF_8));
  }
}

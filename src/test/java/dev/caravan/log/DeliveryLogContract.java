package dev.caravan.log;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.PayloadFacts;
import dev.caravan.delivery.PayloadScan;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every log promises of deliveries, subscriptions, lanes, retries and restarts. */
public abstract class DeliveryLogContract extends LogContract {
  /** As many as a name may have, of four bytes each, and hardly to be compressed. */
  private static final String ODD_LETTERS =
      new Random(5)
          .ints(128, 0x20000, 0x2a000)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();

  @Test
  void aDeliveryIsFoundAsItWasAppended() {
    Delivery sent = push("acme/rocket");

    log.append(sent);

    Delivery found = Kept.delivery(log.history(), sent.guid()).orElseThrow();
    assertThat(found).usingRecursiveComparison().ignoringFields("receivedAt").isEqualTo(sent);
    assertThat(found.receivedAt().toEpochMilli()).isEqualTo(sent.receivedAt().toEpochMilli());
  }

  /** A log that refused one would do so after its 202, where there is a spool. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\u0000b", // which PostgreSQL does not store in a text
        "\\ud800", // half a letter
        "\\u202egnp.exe",
        "letters",
        "\ufffe\uffff"
      })
  void whateverAPayloadAndItsHeadersHaveCanBeAppendedAndFound(String odd) {
    String name = odd.equals("letters") ? ODD_LETTERS : odd;
    byte[] body =
        """
        {"action":"%1$s","ref":"%1$s","repository":{"full_name":"acme/rocket","n\\u0000":1},\
        "installation":{"id":"%1$s"},"sender":{"login":"%1$s"}}"""
            .formatted(name)
            .getBytes(UTF_8);
    String event = "e".repeat(64);
    PayloadFacts facts = PayloadScan.read(body, event);
    Map<String, String> headers = new HashMap<>();
    for (int index = 0; index < 100; index++) {
      headers.put("X-Odd-" + index, "\u0000\u0080\u00ff\t".repeat(2000) + index);
    }
    headers.put(GitHubHeaders.HOOK_ID, "999999999999999999");
    Delivery sent =
        new Delivery(
            "g".repeat(64),
            event,
            new Delivery.Subject(
                facts.action(),
                facts.repository(),
                facts.organization(),
                facts.installation(),
                facts.sender(),
                facts.thread()),
            Instant.now(),
            headers,
            Delivery.Encoding.JSON,
            body);

    log.append(sent);
    engine.index();
    Delivery found = Kept.delivery(log.history(), sent.guid()).orElseThrow();
    assertThat(found).usingRecursiveComparison().ignoringFields("receivedAt").isEqualTo(sent);
    assertThat(Kept.newest(log.history(), 9)).hasSize(1);

    log.subscribe(
        log.wanted("ci", "*").retry(1, Duration.ZERO).startFrom(StartFrom.BEGINNING).settings(),
        attempt -> attempt.failed(new IllegalStateException("\0\ud800" + ODD_LETTERS + name)));
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 1);
  }

  @Test
  void aBodyOfManyMebibytesIsFoundAsItWasAppended() {
    String body = "{\"message\":\"" + "long ".repeat(2_000_000) + "\"}";
    Delivery sent = delivery("72d3162e-cc78-11e3-81ab-4c9367dc0958", "push", null, "a/b", body);

    log.append(sent);

    assertThat(Kept.delivery(log.history(), sent.guid()).orElseThrow().body())
        .isEqualTo(sent.body());
  }

  @Test
  void aSubscriptionGetsWhatIsAppendedAfterItBegan() {
    log.append(push("acme/rocket"));
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);

    Delivery later = push("acme/rocket");
    log.append(later);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(later.guid()));
  }

  @Test
  void aSubscriptionFromTheBeginningGetsWhatWasThereBeforeIt() {
    List<String> appended = appendPushes(1500);
    Recorder recorder = new Recorder();

    log.subscribe(log.wanted("ci", "*").startFrom(StartFrom.BEGINNING).settings(), recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactlyElementsOf(appended));
  }

  @Test
  void aSubscriptionGetsOnlyTheEventsAndActionsItWants() {
    Recorder recorder = new Recorder();
    log.append(delivery("1", "issues", "opened", "a/b", "{}"));
    log.append(delivery("2", "issues", "closed", "a/b", "{}"));
    log.append(delivery("3", "push", null, "a/b", "{}"));
    log.subscribe(
        log.wanted("ci", "push,issues.opened").startFrom(StartFrom.BEGINNING).settings(), recorder);
    log.append(delivery("4", "issues", "closed", "a/b", "{}"));
    log.append(delivery("5", "issues", "opened", "a/b", "{}"));

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly("1", "3", "5"));
  }

  @Test
  void whatWasCompletedIsNotRunAgainAfterARestart() {
    Recorder before = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), before);
    appendPushes(300);
    await().untilAsserted(() -> assertThat(before.guids).hasSize(300));

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), after);
    Delivery fresh = push("acme/rocket");
    log.append(fresh);

    await().untilAsserted(() -> assertThat(after.guids).containsExactly(fresh.guid()));
  }

  @Test
  void whatWasRunningAtTheStopRunsAgainAndNothingElse() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    Recorder before = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").orderBy(OrderBy.NONE).settings(),
        attempt -> {
          if (attempt.delivery().guid().equals("stuck")) {
            held.add(attempt);
          } else {
            before.handle(attempt);
          }
        });
    appendPushes(10);
    log.append(delivery("stuck", "push", null, "acme/rocket", "{}"));
    appendPushes(10);
    await().untilAsserted(() -> assertThat(before.guids).hasSize(20));

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").orderBy(OrderBy.NONE).settings(), after);

    await().untilAsserted(() -> assertThat(after.guids).containsExactly("stuck"));
    assertThat(held).hasSize(1);
  }

  @Test
  void aFailedDeliveryIsTriedAgainAndThenDeadLettered() {
    AtomicInteger tries = new AtomicInteger();
    log.subscribe(
        log.wanted("ci", "*").retry(3, Duration.ofMillis(5)).settings(),
        attempt -> {
          tries.incrementAndGet();
          attempt.failed(new IllegalStateException("no such\nbranch"));
        });
    Delivery failing = push("acme/rocket");
    log.append(failing);

    await()
        .untilAsserted(
            () ->
                assertThat(Kept.deadLetters(log.history(), "ci"))
                    .extracting(DeadLetter::guid, DeadLetter::attempts, DeadLetter::error)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                            failing.guid(), 3, "IllegalStateException: no such branch")));
    assertThat(tries).hasValue(3);
    assertThat(Kept.attempts(log.history(), failing.guid()))
        .extracting(AttemptRecord::number)
        .containsExactly(1, 2, 3);
  }

  @Test
  void aRetryThatIsWaitingSurvivesARestart() {
    log.subscribe(
        log.wanted("ci", "*").retry(2, Duration.ofSeconds(1)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    Delivery failing = push("acme/rocket");
    log.append(failing);
    await().until(() -> !Kept.attempts(log.history(), failing.guid()).isEmpty());

    log.restart();
    BlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
    log.subscribe(
        log.wanted("ci", "*").settings(),
        attempt -> {
          numbers.add(attempt.number());
          attempt.succeeded();
        });

    await().untilAsserted(() -> assertThat(numbers).containsExactly(2));
  }

  @Test
  void twoOfOneLaneNeverRunAtOnceAndRunInOrder() {
    Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    Map<String, List<String>> seen = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    log.subscribe(
        log.wanted("ci", "*").concurrency(8).settings(),
        attempt -> {
          String repository = attempt.delivery().subject().repository();
          AtomicInteger count = running.computeIfAbsent(repository, name -> new AtomicInteger());
          if (count.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
          }
          seen.computeIfAbsent(repository, name -> new CopyOnWriteArrayList<>())
              .add(attempt.delivery().guid());
          ForkJoinPool.commonPool()
              .execute(
                  () -> {
                    count.decrementAndGet();
                    attempt.succeeded();
                  });
        });
    Map<String, List<String>> sent = new ConcurrentHashMap<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int index = 0; index < 400; index++) {
      Delivery delivery = push("acme/" + index % 5);
      sent.computeIfAbsent(delivery.subject().repository(), name -> new ArrayList<>())
          .add(delivery.guid());
      receipts.add(log.log().append(delivery));
    }

    await().untilAsserted(() -> assertThat(seen).isEqualTo(sent));
    assertThat(overlaps).hasValue(0);
    assertThat(receipts).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aStrictSubscriptionHoldsUpTheLaneOfAFailingDeliveryAcrossARestart() {
    List<String> tried = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(50, Duration.ofMillis(300)).settings(),
        attempt -> {
          tried.add(attempt.delivery().guid());
          attempt.failed(new IllegalStateException("down"));
        });
    log.append(delivery("first", "push", null, "a/b", "{}"));
    log.append(delivery("second", "push", null, "a/b", "{}"));
    await().until(() -> !Kept.attempts(log.history(), "first").isEmpty());

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").strict().settings(), after);

    await().untilAsserted(() -> assertThat(after.guids).containsExactly("first", "second"));
    assertThat(tried).doesNotContain("second");
  }

  @Test
  void aRetryThatWaitsHoldsUpNobodyAfterARestart() {
    log.subscribe(
        log.wanted("ci", "*").retry(50, Duration.ofHours(1)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    log.append(delivery("first", "push", null, "a/b", "{}"));
    await().until(() -> !Kept.attempts(log.history(), "first").isEmpty());

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").retry(50, Duration.ofHours(1)).settings(), after);
    log.append(delivery("second", "push", null, "a/b", "{}"));

    await().untilAsserted(() -> assertThat(after.guids).containsExactly("second"));
  }

  @Test
  void aRetryKnowsAfterARestartThatANewerOneOfItsLaneHasRun() {
    SubscriptionSettings newest =
        log.wanted("ci", "*").newestOnly().retry(50, Duration.ofHours(1)).settings();
    log.subscribe(
        newest,
        attempt -> {
          if (attempt.delivery().guid().startsWith("fails")) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    for (String guid : List.of("fails-1", "newer-1", "fails-2")) {
      log.append(delivery(guid, "push", null, "a/" + guid.charAt(guid.length() - 1), "{}"));
      await().until(() -> !Kept.attempts(log.history(), guid).isEmpty());
    }

    log.restart();
    List<String> superseded = new CopyOnWriteArrayList<>();
    List<String> run = new CopyOnWriteArrayList<>();
    log.subscribe(
        newest,
        attempt -> {
          if (attempt.isSuperseded()) {
            superseded.add(attempt.delivery().guid());
            attempt.superseded();
          } else {
            run.add(attempt.delivery().guid());
            attempt.succeeded();
          }
        });
    log.log().retryNow("ci");

    await().untilAsserted(() -> assertThat(superseded).containsExactly("fails-1"));
    await().untilAsserted(() -> assertThat(run).containsExactly("fails-2"));
  }

  @Test
  void aSubscriptionThatBecomesStrictCompletesTwoRetriesOfOneLane() {
    log.subscribe(
        log.wanted("ci", "*").retry(50, Duration.ofMillis(400)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    log.append(delivery("first", "push", null, "a/b", "{}"));
    log.append(delivery("second", "push", null, "a/b", "{}"));
    await().until(() -> !Kept.attempts(log.history(), "second").isEmpty());

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(50, Duration.ofMillis(400)).settings(), after);
    log.append(delivery("third", "push", null, "a/b", "{}"));

    await()
        .untilAsserted(
            () ->
                assertThat(after.guids)
                    .containsExactlyInAnyOrder("first", "second", "third")
                    .endsWith("third"));
  }

  @Test
  void aStrictSubscriptionKeepsTheOrderOfALaneWhoseHeadWaitsAndWhoseNextWasRunning() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(50, Duration.ofMillis(400)).settings(),
        attempt -> {
          if (attempt.delivery().guid().equals("second")) {
            held.add(attempt);
          } else if (attempt.delivery().guid().equals("third")) {
            attempt.succeeded();
          } else {
            attempt.failed(new IllegalStateException("down"));
          }
        });
    log.append(delivery("first", "push", null, "a/failing", "{}"));
    log.append(delivery("second", "push", null, "a/stuck", "{}"));
    log.append(delivery("after first", "push", null, "a/failing", "{}"));
    log.append(delivery("third", "push", null, "a/fine", "{}"));
    await().until(() -> !Kept.attempts(log.history(), "third").isEmpty());

    log.restart();
    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "*").strict().settings(), after);

    await()
        .untilAsserted(
            () ->
                assertThat(after.guids)
                    .containsExactlyInAnyOrder("first", "second", "after first")
                    .containsSubsequence("first", "after first"));
    assertThat(held).hasSize(1);
  }

  @Test
  void aCrowdOfReplaysBehindAHeldDeliveryDoesNotHideItsRetry() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(50, Duration.ofMillis(300)).settings(),
        attempt -> {
          if (runs.get() == 700 && failures.getAndIncrement() == 0) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            runs.incrementAndGet();
            attempt.succeeded();
          }
        });
    appendPushes(700);
    await().untilAsserted(() -> assertThat(runs).hasValue(700));

    log.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", 100_000, false));

    await().untilAsserted(() -> assertThat(runs).hasValue(1400));
    assertThat(failures).hasPositiveValue();
  }

  @Test
  void aRoutesOwnInterruptionDoesNotEndItsSubscription() {
    Recorder recorder = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").concurrency(1).settings(),
        attempt -> {
          recorder.handle(attempt);
          Thread.currentThread().interrupt();
        });

    List<String> appended = appendPushes(50);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactlyElementsOf(appended));
  }

  @Test
  void waitingForMemoryIsNoAttemptAndHoldsUpNoOtherLane() throws Exception {
    BlockingQueue<Attempt> hanging = new LinkedBlockingQueue<>();
    log.subscribe(log.wanted("hanging", "push").settings(), hanging::add);
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    log.subscribe(
        log.wanted("ci", "issues").concurrency(1).retry(1, Duration.ZERO).settings(),
        attempts::add);
    String large = "{\"text\":\"" + "x".repeat(32 << 20) + "\"}";
    log.append(delivery("hangs", "push", null, "acme/large", large));
    Attempt held = next(hanging);

    log.append(delivery("large", "issues", null, "acme/large", large));
    log.append(delivery("behind", "issues", null, "acme/large", "{}"));
    log.append(delivery("other", "issues", null, "acme/other", "{}"));
    Attempt other = next(attempts);
    assertThat(other.delivery().guid()).isEqualTo("other");
    other.succeeded();
    log.append(delivery("third", "issues", null, "acme/third", "{}"));
    Attempt third = next(attempts);
    assertThat(third.delivery().guid()).isEqualTo("third");
    held.succeeded();
    third.succeeded();

    Attempt first = next(attempts);
    assertThat(first.delivery().guid()).isEqualTo("large");
    assertThat(first.number()).isOne();
    first.succeeded();
    assertThat(next(attempts).delivery().guid()).isEqualTo("behind");
    assertThat(Kept.attempts(log.history(), "large")).hasSizeLessThan(2);
  }

  /** As when a file of routes is saved: what is in work then may fail in any way. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatFailsAfterItsSubscriptionWasClosedIsNoFailureAndRunsAgainFirst(boolean forGood)
      throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    SubscriptionSettings settings = log.wanted("ci", "*").retry(1, Duration.ZERO).settings();
    Subscription subscription = log.subscribe(settings, attempts::add);
    Delivery cutOff = push("acme/rocket");
    Delivery behind = push("acme/rocket");
    log.append(cutOff);
    log.append(behind);
    Attempt running = next(attempts);
    subscription.close();

    if (forGood) {
      running.failedForGood(new CancellationException());
    } else {
      running.failed(new CancellationException());
    }
    log.subscribe(settings, attempts::add);

    for (Delivery expected : List.of(cutOff, behind)) {
      Attempt again = next(attempts);
      assertThat(again.delivery().guid()).isEqualTo(expected.guid());
      assertThat(again.number()).isOne();
      again.succeeded();
    }
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();
    assertThat(log.figures().subscriptions().get(0).failures()).isZero();
  }

  /** It was handed out, so it may still succeed; but a crash would leave nothing of it. */
  @Test
  void whatLosesItsBodyWhileItRunsIsADeadLetterUntilItsOutcomeIsKnownAndAfterACrash()
      throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    log.subscribe(log.wanted("ci", "*").settings(), attempts::add);
    log.append(push("acme/first"));
    log.append(push("acme/second"));
    Attempt first = attempts.take();
    attempts.take();

    engine.pass(LogUnderTest.BODIES_KEPT.plusHours(1));
    engine.sweep();
    assertThat(Kept.deadLetters(log.history(), "ci")).hasSize(2);
    first.succeeded();
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 1);

    engine.crash(() -> {});
    log.subscribe(log.wanted("ci", "*").settings(), attempts::add);
    Delivery after = push("acme/second");
    log.append(after);
    assertThat(attempts.take().delivery().guid()).isEqualTo(after.guid());
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .singleElement()
        .extracting(DeadLetter::error)
        .asString()
        .startsWith("expired: ");
  }

  @Test
  void aThousandCopiesSentAtOnceRunOnce() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = push("acme/rocket");

    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int copy = 0; copy < 1000; copy++) {
      receipts.add(log.log().append(delivery));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
    Delivery last = push("acme/rocket");
    log.append(last);

    await()
        .untilAsserted(
            () -> assertThat(recorder.guids).containsExactly(delivery.guid(), last.guid()));
    assertThat(Kept.newest(log.history(), 10).get(1).repeats()).isEqualTo(999);
  }

  @Test
  void aRedeliveryRunsForASubscriptionThatDeadLetteredItAndForNoOther() {
    Recorder healthy = new Recorder();
    log.subscribe(log.wanted("healthy", "*").settings(), healthy);
    AtomicInteger tries = new AtomicInteger();
    log.subscribe(
        log.wanted("failing", "*").retry(1, Duration.ZERO).settings(),
        attempt -> {
          if (tries.incrementAndGet() == 1) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        });
    Delivery delivery = push("acme/rocket");
    log.append(delivery);
    await().until(() -> Kept.deadLetters(log.history(), "failing").size() == 1);

    log.append(delivery);

    await().untilAsserted(() -> assertThat(tries).hasValue(2));
    await().untilAsserted(() -> assertThat(Kept.deadLetters(log.history(), "failing")).isEmpty());
    assertThat(healthy.guids).containsExactly(delivery.guid());
  }

  @Test
  void aRedeliveryDuringTheLastAttemptRunsAgainWhenThatFails() throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    log.subscribe(log.wanted("ci", "*").retry(1, Duration.ZERO).settings(), attempts::add);
    Delivery delivery = push("acme/rocket");
    log.append(delivery);

    // The first is the cursor's, the second is apart from it.
    for (int redelivery = 0; redelivery < 2; redelivery++) {
      Attempt running = next(attempts);
      log.append(delivery);
      assertThat(running.number()).isOne();
      running.failed(new IllegalStateException("down"));
    }
    next(attempts).succeeded();

    Delivery last = push("acme/rocket");
    log.append(last);
    assertThat(next(attempts).delivery().guid()).isEqualTo(last.guid());
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();
  }

  @Test
  void aRetryThatWaitsForItsTurnBeginsAnewWhenItIsRedelivered() throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    Subscription subscription =
        log.subscribe(
            log.wanted("ci", "*").retry(2, Duration.ofMillis(1)).settings(), attempts::add);
    Delivery failing = push("acme/rocket");
    Delivery before = push("acme/rocket");
    log.append(failing);
    Attempt first = next(attempts);
    log.append(before);
    first.failed(new IllegalStateException("down"));
    Attempt running = next(attempts);
    assertThat(running.delivery().guid()).isEqualTo(before.guid());
    // The retry is behind it in its lane by now.
    await().until(() -> subscription.status().waiting() == 1);

    log.append(failing);
    Delivery last = push("acme/other"); // once it runs, the redelivery has been read as well
    log.append(last);
    next(attempts).succeeded();
    running.succeeded();

    for (int number = 1; number <= 2; number++) {
      Attempt again = next(attempts);
      assertThat(again.number()).isEqualTo(number);
      assertThat(log.deadLettered()).isZero();
      again.failed(new IllegalStateException("down"));
    }
    await().until(() -> log.deadLettered() == 1);
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored")
  void aRedeliveryThatMeetsAnOutcomeNotWrittenYetRunsIfThatWasAFailure() throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    log.subscribe(log.wanted("ci", "*").retry(1, Duration.ZERO).settings(), attempts::add);
    Delivery failing = push("acme/rocket");
    Delivery good = push("acme/other");
    log.append(failing);
    log.append(good);
    for (int attempt = 0; attempt < 2; attempt++) {
      Attempt running = next(attempts);
      if (running.delivery().guid().equals(good.guid())) {
        running.succeeded();
      } else {
        running.failed(new IllegalStateException("down"));
      }
    }

    // Well before outcomes are written without anything else to write.
    log.log().append(failing);
    log.append(good);

    Attempt again = next(attempts);
    assertThat(again.delivery().guid()).isEqualTo(failing.guid());
    again.succeeded();
    assertThat(log.deadLettered()).isZero();
    Delivery last = push("acme/other");
    log.append(last);
    assertThat(next(attempts).delivery().guid()).isEqualTo(last.guid());
  }

  protected static Attempt next(BlockingQueue<Attempt> attempts) throws InterruptedException {
    return Objects.requireNonNull(attempts.poll(10, TimeUnit.SECONDS), "no attempt in 10 s");
  }

  @Test
  void aRedeliveryRunsForASubscriptionThatWasCreatedSince() {
    Delivery delivery = push("acme/rocket");
    log.append(delivery);
    Recorder young = new Recorder();
    log.subscribe(log.wanted("young", "*").settings(), young);

    log.append(delivery);
    await().untilAsserted(() -> assertThat(young.guids).containsExactly(delivery.guid()));
    log.append(delivery);
    Delivery last = push("acme/rocket");
    log.append(last);

    await()
        .untilAsserted(() -> assertThat(young.guids).containsExactly(delivery.guid(), last.guid()));
  }

  @Test
  void aRedeliveryRunsForASubscriptionThatDidNotWantItThen() {
    log.subscribe(log.wanted("ci", "push").settings(), new Recorder()).close();
    Delivery unwanted = delivery("unwanted", "issues", "opened", "acme/rocket", "{}");
    Recorder before = new Recorder();
    Subscription subscription = log.subscribe(log.wanted("ci", "push").settings(), before);
    log.append(unwanted);
    Delivery push = push("acme/rocket");
    log.append(push);
    await().untilAsserted(() -> assertThat(before.guids).containsExactly(push.guid()));
    subscription.close();

    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "push,issues").settings(), after);
    log.append(push);
    log.append(unwanted);

    await().untilAsserted(() -> assertThat(after.guids).containsExactly(unwanted.guid()));
  }

  @Test
  void aRepeatWithAnotherPayloadIsKeptAndNotRun() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    log.append(delivery("same", "push", null, "a/b", "{\"a\":1}"));
    log.append(delivery("same", "push", null, "a/b", "{\"a\":2}"));
    log.append(delivery("other", "push", null, "a/b", "{}"));

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly("same", "other"));
    assertThat(Kept.newest(log.history(), 10))
        .extracting(summary -> summary.guid() + " " + summary.differsFromFirst())
        .containsExactly("other false", "same true", "same false");
  }

  /** A machine out of threads does this; it must not end the thread that writes for all. */
  @Test
  void anExecutorThatFailsHoldsUpItsOwnSubscriptionForAWhileAndNoOther() {
    AtomicInteger failures = new AtomicInteger(1);
    Recorder recorder = new Recorder();
    Recorder other = new Recorder();
    SubscriptionSettings sound = log.wanted("ci", "*").settings();
    SubscriptionSettings settings =
        new SubscriptionSettings(
            sound.name(),
            sound.filter(),
            sound.concurrency(),
            sound.orderBy(),
            sound.strict(),
            sound.startFrom(),
            sound.retry(),
            work -> {
              if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              sound.executor().execute(work);
            });
    log.subscribe(settings, recorder);
    log.subscribe(log.wanted("other", "*").settings(), other);
    log.append(TestLog.push("acme/rocket"));
    log.append(TestLog.push("acme/rocket"));

    await().untilAsserted(() -> assertThat(other.guids).hasSize(2));
    await().untilAsserted(() -> assertThat(recorder.guids).hasSize(2));
  }

  @Test
  void aPausedSubscriptionStaysPausedAcrossARestart() {
    Recorder recorder = new Recorder();
    Subscription subscription = log.subscribe(log.wanted("ci", "*").settings(), recorder);
    subscription.pause();
    Delivery delivery = push("acme/rocket");
    log.append(delivery);

    log.restart();
    Recorder after = new Recorder();
    Subscription again = log.subscribe(log.wanted("ci", "*").settings(), after);
    assertThat(again.status().paused()).isTrue();
    assertThat(after.guids).isEmpty();
    again.resume();

    await().untilAsserted(() -> assertThat(after.guids).containsExactly(delivery.guid()));
    assertThat(recorder.guids).isEmpty();
  }

  @Test
  void aSubscriptionThatWasClosedDoesNotCountWhenADeliveryIsRepeated() {
    Recorder gone = new Recorder();
    log.subscribe(log.wanted("gone", "*").settings(), gone).close();
    Recorder present = new Recorder();
    log.subscribe(log.wanted("present", "*").settings(), present);
    Delivery delivery = push("acme/rocket");
    log.append(delivery);
    log.append(delivery);
    Delivery last = push("acme/rocket");
    log.append(last);

    await()
        .untilAsserted(
            () -> assertThat(present.guids).containsExactly(delivery.guid(), last.guid()));
    assertThat(gone.guids).isEmpty();

    Recorder back = new Recorder();
    log.subscribe(log.wanted("gone", "*").settings(), back);
    await()
        .untilAsserted(() -> assertThat(back.guids).containsExactly(delivery.guid(), last.guid()));
  }

  @Test
  void twoRunningSubscriptionsOfOneNameAreRefused() {
    log.subscribe(log.wanted("ci", "*").settings(), new Recorder());

    assertThatThrownBy(() -> log.subscribe(log.wanted("ci", "*").settings(), new Recorder()))
        .hasMessage("A subscription named 'ci' is running already");
  }

  protected List<String> appendPushes(int count) {
    List<String> guids = new ArrayList<>();
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = push("acme/rocket");
      guids.add(delivery.guid());
      receipts.add(log.log().append(delivery));
    }
    CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
    return guids;
  }
}

package dev.caravan.log;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log's clock is ahead of this machine's by as many days as a test lets pass. */
public abstract class RetentionContract extends LogContract {
  private static final long SIZE = 24L << 20;

  protected CapturedLog lines;

  @BeforeEach
  void captureLines() {
    lines = new CapturedLog("dev.caravan.log");
  }

  @AfterEach
  void closeLines() {
    lines.close();
  }

  @Override
  protected final LogUnderTest open(Path place) {
    return open(place, Dedupe.GUID, new Retention(Duration.ofDays(7), SIZE));
  }

  @Test
  void aBodyGoesAfterItsAgeAndTheDeliveryStaysListed() {
    Delivery old = append(push("acme/rocket"));
    afterDays(4);
    Delivery young = append(push("acme/rocket"));

    afterHours(84);
    engine.sweep();

    assertThat(Kept.delivery(log.history(), old.guid())).isEmpty();
    assertThat(Kept.delivery(log.history(), young.guid())).isPresent();
    assertThat(listed()).containsExactly(young.guid(), old.guid());
  }

  @Test
  void attemptsAreDeletedWithTheBody() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);

    afterDays(8);
    engine.sweep();

    assertThat(Kept.attempts(log.history(), delivery.guid())).isEmpty();
  }

  @Test
  void aRedeliveryAfterNineDaysCountsAsNew() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);

    afterDays(9);
    engine.sweep();
    append(delivery);

    await()
        .untilAsserted(
            () -> assertThat(recorder.guids).containsExactly(delivery.guid(), delivery.guid()));
    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::repeats)
        .containsExactly(0);
  }

  @Test
  void aRedeliveryWithinEightDaysIsARepeatThoughTheBodyIsGone() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);

    afterHours(7 * 24 + 12);
    engine.sweep();
    append(delivery);
    Delivery last = append(push("acme/rocket"));

    await()
        .untilAsserted(
            () -> assertThat(recorder.guids).containsExactly(delivery.guid(), last.guid()));
    assertThat(Kept.delivery(log.history(), delivery.guid())).isPresent();
  }

  @Test
  void aGuidIsKnownForEightDaysThoughTheBodyIsGone() {
    Delivery delivery = append(push("acme/rocket"));
    List<String> asked = List.of(delivery.guid(), "never-here");

    afterHours(7 * 24 + 12);
    engine.sweep();
    assertThat(log.history().known(asked)).containsExactly(delivery.guid());

    afterDays(9);
    engine.sweep();
    assertThat(log.history().known(asked)).isEmpty();
  }

  @Test
  void aBodyThatCameBackIsKeptForItsAgeAgain() {
    Delivery delivery = append(push("acme/rocket"));
    afterHours(7 * 24 + 12);
    engine.sweep();
    append(delivery);

    afterDays(6);
    engine.sweep();
    assertThat(Kept.delivery(log.history(), delivery.guid())).isPresent();
    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::repeats)
        .containsExactly(1);

    afterDays(2);
    engine.sweep();
    assertThat(Kept.delivery(log.history(), delivery.guid())).isEmpty();
    assertThat(listed()).isEmpty();
  }

  @Test
  void whatARunningSubscriptionHadNotFinishedBecomesADeadLetterInOneLogLine() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("stuck", "push").concurrency(1).settings(), held::add);
    for (int index = 0; index < 300; index++) {
      append(push("acme/rocket"));
    }
    append(delivery("other", "issues", "opened", "acme/rocket", "{}"));
    await().until(() -> held.size() == 1);

    afterDays(7);
    engine.sweep();

    assertThat(Kept.deadLetters(log.history(), "stuck"))
        .hasSize(300) // also the one that runs, until it has ended
        .extracting(DeadLetter::error)
        .allMatch(error -> error.startsWith("expired: "));
    assertThat(lines.lines().stream().filter(line -> line.contains("expired")))
        .singleElement()
        .asString()
        .matches(
            "ERROR Dead-lettered as expired: (299|300) deliveries that \"stuck\" had not finished.*"); // one runs
  }

  @Test
  void aRetryThatIsWaitingBecomesADeadLetterWithTheAttemptsItHad() {
    log.subscribe(
        log.wanted("ci", "*").retry(20, Duration.ofDays(30)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    Delivery failing = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), failing.guid()).size() == 1);

    afterDays(7);
    engine.sweep();

    assertThat(Kept.deadLetters(log.history(), "ci"))
        .extracting(DeadLetter::guid, DeadLetter::attempts)
        .containsExactly(Tuple.tuple(failing.guid(), 1));
  }

  @Test
  void whatIsRunningWhileItsBodyGoesMayStillFinish() {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("slow", "*").orderBy(OrderBy.NONE).settings(), held::add);
    Delivery delivery = append(push("acme/rocket"));
    await().until(() -> held.size() == 1);

    afterDays(7);
    engine.sweep();
    held.get(0).succeeded();

    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);
    assertThat(Kept.deadLetters(log.history(), "slow")).isEmpty();
  }

  @Test
  void aDeadLetterStaysListedForAsLongAsItsDelivery() {
    log.subscribe(
        log.wanted("ci", "*").retry(1, Duration.ZERO).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    append(push("acme/rocket"));
    await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 1);

    afterHours(7 * 24 + 12);
    engine.sweep();
    assertThat(Kept.deadLetters(log.history(), "ci")).hasSize(1);

    afterDays(1);
    engine.sweep();
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();
  }

  @Test
  void aRedeliveryRunsWhatHadExpired() {
    Recorder recorder = new Recorder();
    Subscription subscription = log.subscribe(log.wanted("ci", "*").settings(), recorder);
    subscription.pause();
    Delivery delivery = append(push("acme/rocket"));
    afterDays(7);
    engine.sweep();
    assertThat(Kept.deadLetters(log.history(), "ci")).hasSize(1);

    append(delivery);
    subscription.resume();

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(delivery.guid()));
    await().untilAsserted(() -> assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty());
  }

  /** Some of it in memory, and some not read yet. */
  @Test
  void whatExpiredIsADeadLetterOnceAndNoAttempt() {
    Recorder recorder = new Recorder();
    Subscription subscription =
        log.subscribe(log.wanted("ci", "*").concurrency(1).settings(), recorder);
    subscription.pause();
    for (int index = 0; index < 700; index++) {
      append(push("acme/rocket"));
    }
    afterDays(7);
    engine.sweep();

    Delivery young = append(push("acme/rocket"));
    subscription.resume();

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(young.guid()));
    await().until(() -> Kept.attempts(log.history(), young.guid()).size() == 1);
    assertThat(Kept.deadLetters(log.history(), "ci")).hasSize(700);
    assertThat(log.deadLettered()).isEqualTo(700);
    assertThat(log.figures().subscriptions())
        .extracting(figures -> figures.failures())
        .containsExactly(0L);
  }

  /** More than fits into memory. */
  @Test
  void whatExpiredInALongBacklogRunsOnceWhenItIsRedelivered() {
    Recorder recorder = new Recorder();
    Subscription subscription =
        log.subscribe(log.wanted("ci", "*").orderBy(OrderBy.NONE).settings(), recorder);
    subscription.pause();
    List<CompletableFuture<Receipt>> backlog = new ArrayList<>();
    for (int index = 0; index < 6000; index++) {
      backlog.add(log.log().append(atNow(push("acme/rocket"))));
    }
    backlog.forEach(CompletableFuture::join);
    Delivery back = append(push("acme/rocket"));
    afterDays(7);
    engine.sweep();

    append(back);
    subscription.resume();
    Delivery young = append(push("acme/rocket"));

    await().untilAsserted(() -> assertThat(recorder.guids).contains(young.guid()));
    assertThat(recorder.guids).containsExactlyInAnyOrder(back.guid(), young.guid());
    await().untilAsserted(() -> assertThat(Kept.deadLetters(log.history(), "ci")).hasSize(6000));
  }

  @Test
  void anIdleSubscriptionHoldsNothingAndSaysInOneLineWhatItMissed() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "push").settings(), recorder).close();
    List<Delivery> missed = new ArrayList<>();
    for (int index = 0; index < 50; index++) {
      missed.add(append(push("acme/rocket")));
      append(delivery("other" + index, "issues", "opened", "acme/rocket", "{}"));
    }
    afterDays(4);
    Delivery kept = append(push("acme/rocket"));
    afterDays(3);
    engine.sweep();

    log.subscribe(log.wanted("ci", "push").settings(), recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(kept.guid()));
    assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty();
    assertThat(lines.lines().stream().filter(line -> line.startsWith("WARN")))
        .singleElement()
        .asString()
        .contains(
            "Subscription \"ci\" was away for so long that the log no longer keeps 50 deliveries");
    assertThat(Kept.delivery(log.history(), missed.get(0).guid())).isEmpty();
  }

  @Test
  void anIdleSubscriptionThatReturnsInTimeMissesNothing() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "push").settings(), recorder).close();
    Delivery delivery = append(push("acme/rocket"));
    afterDays(6);
    engine.sweep();

    log.subscribe(log.wanted("ci", "push").settings(), recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(delivery.guid()));
    assertThat(lines.lines()).noneMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void aRetryBecomesADeadLetterWhenItsBodyGoesThoughItsSubscriptionIsIdle() {
    Delivery failing = failOnceAndClose();

    afterDays(7);
    engine.sweep();

    assertExpired(failing);
    assertThat(lines.lines())
        .anyMatch(line -> line.startsWith("ERROR") && line.contains("1 delivery that \"ci\""));
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    append(failing);
    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(failing.guid()));
  }

  @Test
  void aRetryThatExpiredWhileItsSubscriptionWasIdleRunsWhenItIsRedeliveredMeanwhile() {
    Delivery failing = failOnceAndClose();
    afterDays(7);
    engine.sweep();
    append(failing);

    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(failing.guid()));
    await().untilAsserted(() -> assertThat(Kept.deadLetters(log.history(), "ci")).isEmpty());
  }

  /** As when a program takes long to start its routes. */
  @Test
  void whatASubscriptionHasYetToRunIsKeptWhileTheProgramStarts() {
    Delivery failing = failOnceAndClose();
    Delivery unread = append(push("acme/other"));
    afterDays(8);
    log.restart();

    engine.sweep();

    Recorder recorder = new Recorder();
    append(failing); // so that its retry is due
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    await()
        .untilAsserted(
            () ->
                assertThat(recorder.guids)
                    .containsExactlyInAnyOrder(failing.guid(), unread.guid()));
  }

  /** As between the end of an old route and the start of the one that takes its place. */
  @Test
  void whatASubscriptionHasYetToRunIsKeptWhileItIsAwayForMinutes() {
    Delivery completed = append(push("acme/rocket"));
    Delivery failing = failOnceAndClose();
    Delivery unread = append(push("acme/other"));
    engine.pass(Duration.ofDays(7).minusMinutes(1));
    log.log().pause("ci");
    log.subscribe(log.wanted("ci", "*").settings(), new Recorder()).close();
    append(push("acme/rocket")); // the end of the one before is written by then
    engine.pass(Duration.ofMinutes(2));

    engine.sweep();

    assertThat(Kept.delivery(log.history(), completed.guid())).isEmpty();
    assertThat(Kept.delivery(log.history(), failing.guid())).isPresent();
    assertThat(Kept.delivery(log.history(), unread.guid())).isPresent();
    engine.pass(Duration.ofMinutes(10));
    engine.sweep();
    assertThat(Kept.delivery(log.history(), failing.guid())).isEmpty();
    assertExpired(failing);
  }

  /** It failed after its body had gone, and its subscription was paused from then on. */
  @Test
  void aRetryThatIsForgottenWithItsGuidIsLogged() {
    List<Attempt> inWork = new CopyOnWriteArrayList<>();
    Subscription subscription =
        log.subscribe(log.wanted("ci", "*").retry(20, Duration.ofDays(30)).settings(), inWork::add);
    Delivery failing = append(push("acme/rocket"));
    await().until(() -> inWork.size() == 1);
    subscription.pause();
    afterDays(7);
    engine.sweep();
    inWork.get(0).failed(new IllegalStateException("down"));
    await().until(() -> Kept.attempts(log.history(), failing.guid()).size() == 1);

    afterDays(2);
    engine.sweep();

    assertThat(lines.lines())
        .anyMatch(
            line ->
                line.startsWith("ERROR")
                    && line.contains("forgot 1 delivery that \"ci\" was to run again"));
  }

  @Test
  void aCompletedDeliveryIsKnownAsCompletedAfterItsBodyAndAttemptsHaveGone() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "push").settings(), recorder);
    Delivery completed = append(push("acme/rocket"));
    Delivery unwanted = append(delivery("unwanted", "issues", "opened", "acme/rocket", "{}"));
    await().until(() -> Kept.attempts(log.history(), completed.guid()).size() == 1);
    afterDays(7);
    engine.sweep();
    log.restart();

    Recorder after = new Recorder();
    log.subscribe(log.wanted("ci", "push,issues").settings(), after);
    append(completed);
    append(unwanted);

    await().untilAsserted(() -> assertThat(after.guids).containsExactly(unwanted.guid()));
    assertThat(lines.lines())
        .anyMatch(
            line ->
                line.contains("Delivery " + completed.guid() + " came again. Completed by ci at "));
    assertThat(Kept.newest(log.history(), 10))
        .filteredOn(summary -> summary.guid().equals(completed.guid()))
        .singleElement()
        .satisfies(
            summary ->
                assertThat(summary.outcomes())
                    .extracting(outcome -> outcome.subscription() + " " + outcome.state())
                    .containsExactly("ci COMPLETED"));
  }

  private Delivery failOnceAndClose() {
    Subscription subscription =
        log.subscribe(
            log.wanted("ci", "*").retry(20, Duration.ofDays(30)).settings(),
            attempt -> attempt.failed(new IllegalStateException("down")));
    Delivery failing = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), failing.guid()).size() == 1);
    subscription.close();
    return failing;
  }

  private void assertExpired(Delivery delivery) {
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.guid()).isEqualTo(delivery.guid());
              assertThat(letter.attempts()).isOne();
              assertThat(letter.error()).startsWith("expired: ");
            });
  }

  @Test
  void aRedeliveryRunsForASubscriptionThatMissedItWhileIdle() {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "push").settings(), recorder).close();
    Delivery before = append(push("acme/rocket"));
    Delivery after = append(push("acme/rocket"));
    afterDays(7);
    engine.sweep();
    append(before); // comes back while the subscription is away

    log.subscribe(log.wanted("ci", "push").settings(), recorder);
    append(after);

    await()
        .untilAsserted(
            () ->
                assertThat(recorder.guids).containsExactlyInAnyOrder(before.guid(), after.guid()));
  }

  @Test
  void aRedeliveryRunsOnceForAYoungSubscriptionThoughRetentionCameBetween() {
    Delivery delivery = append(push("acme/rocket"));
    Recorder young = new Recorder();
    log.subscribe(log.wanted("young", "*").settings(), young);
    append(delivery);
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);

    afterDays(7);
    engine.sweep();
    append(delivery);
    Delivery last = append(push("acme/rocket"));

    await()
        .untilAsserted(() -> assertThat(young.guids).containsExactly(delivery.guid(), last.guid()));
  }

  @Test
  void onlyWhatWasInWorkAtAStopRunsWhenItIsRedeliveredAfterItsBodyWent() {
    Delivery inWork = push("acme/rocket");
    Delivery completed = stopWith(inWork);
    afterDays(7);
    engine.sweep();

    Recorder returned = new Recorder();
    append(push("acme/rocket"));
    log.subscribe(log.wanted("ci", "*").settings(), returned);
    append(completed);
    append(inWork);
    Delivery last = append(push("acme/rocket"));

    await().untilAsserted(() -> assertThat(returned.guids).contains(inWork.guid(), last.guid()));
    assertThat(returned.guids).doesNotContain(completed.guid());
  }

  @Test
  void whatWasInWorkAtAStopRunsWhenItWasRedeliveredWhileTheSubscriptionWasAway() {
    Delivery inWork = push("acme/rocket");
    stopWith(inWork);
    append(push("acme/rocket"));
    afterDays(7);
    engine.sweep();
    append(inWork);

    Recorder returned = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), returned);

    await().untilAsserted(() -> assertThat(returned.guids).containsExactly(inWork.guid()));
  }

  @Test
  void aNewSubscriptionFromTheBeginningBeginsWithTheOldestBodyKept() {
    append(push("acme/rocket"));
    afterDays(4);
    Delivery kept = append(push("acme/rocket"));
    afterDays(3);
    engine.sweep();
    Recorder recorder = new Recorder();

    log.subscribe(log.wanted("new", "*").startFrom(StartFrom.BEGINNING).settings(), recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(kept.guid()));
    assertThat(Kept.deadLetters(log.history(), "new")).isEmpty();
  }

  @Test
  void aNewSubscriptionFromTheBeginningGetsWhatRedeliveriesBroughtBack() {
    Delivery back = append(push("acme/rocket"));
    append(push("acme/rocket"));
    afterDays(4);
    Delivery kept = append(push("acme/rocket"));
    afterDays(3);
    engine.sweep();
    append(back);
    Recorder recorder = new Recorder();

    log.subscribe(log.wanted("new", "*").startFrom(StartFrom.BEGINNING).settings(), recorder);

    await()
        .untilAsserted(
            () -> assertThat(recorder.guids).containsExactlyInAnyOrder(back.guid(), kept.guid()));
  }

  @Test
  void aPositionIsNeverGivenOutTwice() {
    for (int index = 0; index < 300; index++) {
      append(push("acme/rocket"));
    }
    String before = log.append(atNow(push("acme/rocket")));
    afterDays(9);
    engine.sweep();
    assertThat(listed()).isEmpty();

    log.restart();

    assertThat(Long.parseLong(log.append(atNow(push("acme/rocket")))))
        .isGreaterThan(Long.parseLong(before));
  }

  @Test
  void theOldestBodiesGoFirstWhenTheLogIsTooLarge() {
    List<Delivery> sent = new ArrayList<>();
    for (int index = 0; index < 40; index++) {
      sent.add(append(large()));
    }

    engine.sweep();

    List<Boolean> kept =
        sent.stream()
            .map(delivery -> Kept.delivery(log.history(), delivery.guid()).isPresent())
            .toList();
    assertThat(kept).startsWith(false).endsWith(true);
    assertThat(kept.lastIndexOf(false)).isLessThan(kept.indexOf(true));
    assertThat(listed()).hasSize(40);
    assertThat(lines.lines())
        .filteredOn(line -> line.startsWith("WARN"))
        .singleElement()
        .asString()
        .contains("less than an hour ago")
        .contains("Raise it");
  }

  /** Stops while that one is in work; returns another that was completed after it. */
  protected Delivery stopWith(Delivery inWork) {
    Recorder recorder = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").settings(),
        attempt -> {
          if (!attempt.delivery().guid().equals(inWork.guid())) {
            recorder.handle(attempt);
          }
        });
    append(inWork);
    Delivery completed = append(push("acme/other"));
    await().until(() -> recorder.guids.contains(completed.guid()));
    log.restart();
    return completed;
  }

  /** A mebibyte that cannot be compressed. */
  protected static Delivery large() {
    StringBuilder text = new StringBuilder("{\"noise\":\"");
    Random random = new Random();
    for (int index = 0; index < 1 << 20; index++) {
      text.append((char) ('0' + random.nextInt(64)));
    }
    String guid = UUID.randomUUID().toString();
    return delivery(guid, "push", null, "acme/rocket", text.append("\"}").toString());
  }

  protected void afterDays(int days) {
    afterHours(24 * days);
  }

  /** And a moment: what came in this very millisecond is not older than that yet. */
  protected void afterHours(int hours) {
    engine.pass(Duration.ofHours(hours).plusMillis(10));
  }

  protected Delivery append(Delivery delivery) {
    log.append(atNow(delivery));
    return delivery;
  }

  private Delivery atNow(Delivery delivery) {
    return new Delivery(
        delivery.guid(),
        delivery.event(),
        delivery.subject(),
        engine.now(),
        delivery.headers(),
        delivery.encoding(),
        delivery.body());
  }

  protected List<String> listed() {
    return Kept.newest(log.history(), 1000).stream().map(DeliverySummary::guid).toList();
  }
}

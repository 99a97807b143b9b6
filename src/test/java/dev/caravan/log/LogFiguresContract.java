package dev.caravan.log;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.GivenUp;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every engine says of itself in numbers. */
public abstract class LogFiguresContract extends LogContract {
  @Test
  void everyAppendIsTimedAndEveryFlushSized() {
    log.append(push("acme/rocket"));
    log.append(push("acme/rocket"));
    log.append(push("acme/rocket"));

    assertThat(count(figures().appendTime())).isEqualTo(3);
    assertThat(figures().appendTime().sum()).isPositive().isLessThan(60);
    assertThat(figures().flushed().sum()).isEqualTo(3);
    assertThat(count(figures().flushed())).isBetween(1L, 3L);
    assertThat(figures().isWritable()).isTrue();
    assertThat(figures().failedFlushes()).isZero();
  }

  @Test
  void aRepeatIsToldFromAGuidThatCameWithAnotherPayload() {
    log.append(delivery("1", "push", null, "acme/rocket", "{}"));
    log.append(delivery("1", "push", null, "acme/rocket", "{}"));
    log.append(delivery("1", "push", null, "acme/rocket", "{\"other\":1}"));

    assertThat(figures().repeats()).isEqualTo(1);
    assertThat(figures().differing()).isEqualTo(1);
    assertThat(count(figures().appendTime())).isEqualTo(3);
  }

  @Test
  void attemptsFailuresAndDeadLettersAreCountedAndOutliveTheRoute() {
    Subscription subscription =
        log.subscribe(
            log.wanted("ci", "push").retry(2, Duration.ofMillis(1)).settings(),
            attempt -> attempt.failed(new IllegalStateException("no such branch")));

    log.append(push("acme/rocket"));

    await()
        .untilAsserted(
            () -> {
              SubscriptionFigures ci = ci();
              assertThat(count(ci.attempts())).isEqualTo(2);
              assertThat(ci.failures()).isEqualTo(2);
              assertThat(log.deadLettered()).isEqualTo(1);
              assertThat(ci.deadLetters()).isEqualTo(1);
              assertThat(ci.due()).isZero();
            });
    subscription.close();
    await().until(() -> !ci().running());
    assertThat(ci().failures()).isEqualTo(2);
    assertThat(ci().deadLetters()).isEqualTo(1);
  }

  @Test
  void aRetryThatWaitsIsDue() {
    log.subscribe(
        log.wanted("ci", "push").retry(2, Duration.ofHours(1)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));

    log.append(push("acme/rocket"));

    await().until(() -> ci().due() == 1);
    assertThat(ci().lag()).isZero();
    assertThat(ci().retries()).isEqualTo(1);
    assertThat(ci().replays()).isZero();
    assertThat(ci().failingSeconds()).isBetween(0.0005, 60.0);
  }

  @Test
  void aDeliveryThatWaitsForItsRetryIsUnfinishedAndAgesOverARestart() {
    SubscriptionSettings settings =
        log.wanted("ci", "push").retry(2, Duration.ofHours(1)).settings();
    log.subscribe(settings, attempt -> attempt.failed(new IllegalStateException("down")));
    log.append(receivedAt(Instant.now().minusSeconds(500)));
    await().until(() -> ci().retries() == 1);
    assertThat(ci().unfinishedSeconds()).isBetween(500.0, 560.0);

    log.restart();
    log.subscribe(settings, attempt -> attempt.failed(new IllegalStateException("down")));

    assertThat(ci().unfinishedSeconds()).isBetween(500.0, 560.0);
    assertThat(ci().failingSeconds()).as("nothing has worked since").isBetween(500.0, 560.0);
  }

  @Test
  void aRouteThatIsGoneFailsNoLonger() {
    Subscription subscription =
        log.subscribe(
            log.wanted("ci", "push").retry(2, Duration.ofHours(1)).settings(),
            attempt -> attempt.failed(new IllegalStateException("down")));
    log.append(push("acme/rocket"));
    await().until(() -> ci().retries() == 1);

    subscription.close();

    await().untilAsserted(() -> assertThat(ci().failingSeconds()).isZero());
  }

  @Test
  void whatIsReplayedIsNoRetryAndIsNotUnfinished() {
    log.append(receivedAt(Instant.now().minusSeconds(500)));
    log.subscribe(
            log.wanted("ci", "push").retry(2, Duration.ofHours(1)).settings(),
            attempt -> attempt.failed(new IllegalStateException("down")))
        .pause();
    log.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", 100, false)).end().join();

    assertThat(ci().due()).isEqualTo(1);
    assertThat(ci().retries()).isZero();
    assertThat(ci().replays()).isEqualTo(1);
    assertThat(ci().unfinishedSeconds()).isZero();
  }

  @Test
  void deadLettersAreCountedByTheKindOfTheirError() {
    log.subscribe(
        log.wanted("ci", "push").retry(1, Duration.ofMillis(1)).settings(),
        attempt -> attempt.failed(new IllegalStateException("no branch " + attempt.position())));
    log.append(push("acme/rocket"));
    log.append(push("acme/rocket"));

    await()
        .untilAsserted(
            () ->
                assertThat(figures().deadLettered())
                    .containsExactly(new DeadLetteredCount("ci", "IllegalStateException", 2)));
    assertThat(figures().newestGivenUp().get("ci"))
        .extracting(GivenUp::number)
        .containsExactly(1L, 2L);
  }

  @Test
  void whatAPausedSubscriptionHasYetToRunIsItsLagAndNothingElseIs() {
    log.subscribe(log.wanted("ci", "push").settings(), attempt -> {}).pause();
    log.append(delivery("1", "star", "created", "acme/rocket", "{}"));
    log.append(push("acme/rocket"));
    log.append(push("acme/rocket"));

    assertThat(ci().lag()).isEqualTo(2);
    assertThat(ci().paused()).isTrue();
    await().untilAsserted(() -> assertThat(ci().lagSeconds()).isBetween(0.001, 60.0));
  }

  private static Delivery receivedAt(Instant time) {
    Delivery now = push("acme/rocket");
    return new Delivery(
        now.guid(), "push", now.subject(), time, now.headers(), now.encoding(), now.body());
  }

  private LogFigures figures() {
    return log.figures();
  }

  protected SubscriptionFigures ci() {
    return figures().subscriptions().get(0);
  }

  private static long count(Distribution distribution) {
    return distribution.counts().stream().mapToLong(Long::longValue).sum();
  }
}

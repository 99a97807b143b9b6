package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Delivery;
import dev.caravan.log.Distribution;
import dev.caravan.log.LogFigures;
import dev.caravan.log.Receipt;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFiguresTest {
  private static final int LOOK_AHEAD = 10_000; // how much one subscription has in memory

  @TempDir Path data;
  private LogFixture fixture;

  @BeforeEach
  void open() {
    fixture = new LogFixture(data);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyAppendIsTimedAndEveryFlushSized() {
    fixture.append(push("acme/rocket"));
    fixture.append(push("acme/rocket"));
    fixture.append(push("acme/rocket"));

    assertThat(count(figures().appendTime())).isEqualTo(3);
    assertThat(figures().appendTime().sum()).isPositive().isLessThan(60);
    assertThat(figures().flushed().sum()).isEqualTo(3);
    assertThat(count(figures().flushed())).isBetween(1L, 3L);
    assertThat(figures().isWritable()).isTrue();
    assertThat(figures().failedFlushes()).isZero();
    assertThat(figures().bytesOnDisk()).isGreaterThan(4096);
    assertThat(figures().bytesFree()).isPositive();
  }

  @Test
  void aRepeatIsToldFromAGuidThatCameWithAnotherPayload() {
    fixture.append(delivery("1", "push", null, "acme/rocket", "{}"));
    fixture.append(delivery("1", "push", null, "acme/rocket", "{}"));
    fixture.append(delivery("1", "push", null, "acme/rocket", "{\"other\":1}"));

    assertThat(figures().repeats()).isEqualTo(1);
    assertThat(figures().differing()).isEqualTo(1);
    assertThat(count(figures().appendTime())).isEqualTo(3);
  }

  @Test
  void attemptsFailuresAndDeadLettersAreCountedAndOutliveTheRoute() {
    Subscription subscription =
        fixture.subscribe(
            fixture.wanted("ci", "push").retry(2, Duration.ofMillis(1)).settings(),
            attempt -> attempt.failed(new IllegalStateException("no such branch")));

    fixture.append(push("acme/rocket"));

    await()
        .untilAsserted(
            () -> {
              SubscriptionFigures ci = ci();
              assertThat(count(ci.attempts())).isEqualTo(2);
              assertThat(ci.failures()).isEqualTo(2);
              assertThat(ci.deadLettered()).isEqualTo(1);
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
    fixture.subscribe(
        fixture.wanted("ci", "push").retry(2, Duration.ofHours(1)).settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));

    fixture.append(push("acme/rocket"));

    await().until(() -> ci().due() == 1);
    assertThat(ci().lag()).isZero();
  }

  @Test
  void whatAPausedSubscriptionHasYetToRunIsItsLagAndNothingElseIs() {
    fixture.subscribe(fixture.wanted("ci", "push").settings(), attempt -> {}).pause();
    fixture.append(delivery("1", "star", "created", "acme/rocket", "{}"));
    fixture.append(push("acme/rocket"));
    fixture.append(push("acme/rocket"));

    assertThat(ci().lag()).isEqualTo(2);
    assertThat(ci().paused()).isTrue();
    await().untilAsserted(() -> assertThat(ci().lagSeconds()).isBetween(0.001, 60.0));
  }

  /** Then it is the most that it can be: counting one by one would take as long as it is large. */
  @Test
  void aVeryLargeLagIsNotCountedOneByOne() {
    fixture.subscribe(fixture.wanted("ci", "push").settings(), attempt -> {}).pause();
    int pushes = SubscriptionFigures.MOST_COUNTED + 2 * LOOK_AHEAD; // some are in memory
    List<CompletableFuture<Receipt>> appends = new ArrayList<>();
    for (int index = 0; index < pushes; index++) {
      appends.add(fixture.log().append(push("acme/rocket")));
    }
    Delivery other = delivery("1", "star", "created", "acme/rocket", "{}");
    CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
    fixture.append(other);

    assertThat(ci().lag()).isEqualTo(pushes + 1);
    assertThat(ci().lagSeconds()).isPositive();
    assertThat(fixture.history().subscriptions().get(0).lag()).isEqualTo(pushes);
  }

  private LogFigures figures() {
    return fixture.log().figures();
  }

  private SubscriptionFigures ci() {
    return figures().subscriptions().get(0);
  }

  private static long count(Distribution distribution) {
    return distribution.counts().stream().mapToLong(Long::longValue).sum();
  }
}

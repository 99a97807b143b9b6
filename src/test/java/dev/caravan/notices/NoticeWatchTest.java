package dev.caravan.notices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.hooks.HookActivity;
import dev.caravan.log.TestLog;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.logging.LogFormat;
import dev.caravan.logging.PrintedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a program, look by look, on a clock of the test's own. */
class NoticeWatchTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;
  private final Notices notices = new Notices();
  private final List<Notice> told = new ArrayList<>();
  private final Map<String, String> broken = new TreeMap<>();
  private final java.util.function.Consumer<Notice> listener = told::add;
  private Instant now = START;
  private String trouble = "";
  private long turnedAway;
  private SqliteDeliveryLog log;
  private HookActivity hooks;
  private NoticeWatch watch;

  @BeforeEach
  void begin() {
    log = SqliteDeliveryLog.open(directory, TestLog.OPTIONS);
    hooks = new HookActivity(null, () -> now);
    watch =
        new NoticeWatch(
            new NoticeSources(
                log.figures(),
                log.history(),
                hooks,
                () -> trouble,
                () -> turnedAway,
                () -> Map.copyOf(broken)),
            notices,
            () -> now);
    notices.add(listener);
  }

  @AfterEach
  void end() {
    watch.close();
    log.close();
  }

  @Test
  void troubleIsToldWhenItBeginsAndWhenItIsOver() {
    trouble = "the disk is full";
    lookFor(Duration.ofMinutes(10));
    trouble = "";
    lookFor(Duration.ofMinutes(1));

    assertThat(told)
        .extracting(Notice::text)
        .containsExactly(
            "Caravan cannot accept deliveries: the disk is full.",
            "Caravan accepts deliveries again.");
  }

  @Test
  void aLookThatFailsIsLoggedOnceAndTheNextOneLooksAgain() {
    try (PrintedLog printed = new PrintedLog(LogFormat.TEXT)) {
      trouble = null; // which nothing promises to cope with
      lookFor(Duration.ofSeconds(3));

      assertThat(printed.text())
          .containsOnlyOnce("ERROR notices")
          .contains("the next look is in a second");
    }
    trouble = "the disk is full";
    lookFor(Duration.ofSeconds(1));

    assertThat(told).hasSize(1);
  }

  @Test
  void whatIsTurnedAwayIsSummedUpOnceAMinute() {
    for (int second = 0; second < 180; second++) {
      turnedAway += 5;
      lookFor(Duration.ofSeconds(1));
    }

    assertThat(told).hasSize(3).allMatch(each -> each.kind() == NoticeKind.TURNED_AWAY);
    assertThat(told.get(1).text()).startsWith("300 deliveries were turned away.");
  }

  @Test
  void aClockSetBackByAnHourSilencesNothing() {
    turnedAway = 5;
    lookFor(Duration.ofMinutes(2));
    now = now.minus(Duration.ofHours(1));
    turnedAway += 7;
    lookFor(Duration.ofSeconds(2));

    assertThat(told).hasSize(2);
    assertThat(told.get(1).text()).startsWith("7 deliveries were turned away.");
  }

  @Test
  void hooksThatGoSilentAreToldOnceForTheirOwner() {
    for (int hook = 1; hook <= 3; hook++) {
      for (int day = 0; day < 9; day++) {
        hooks.accepted(String.valueOf(hook), "acme/rocket", START.plus(Duration.ofDays(day)));
      }
    }
    now = START.plus(Duration.ofDays(20));
    lookFor(Duration.ofMinutes(1));
    assertThat(told)
        .singleElement()
        .extracting(Notice::text)
        .asString()
        .startsWith("3 hooks of acme");

    hooks.accepted("1", "acme/rocket", now);
    hooks.accepted("2", "acme/rocket", now);
    hooks.accepted("3", "acme/rocket", now);
    lookFor(Duration.ofMinutes(1));
    assertThat(told).hasSize(2);
    assertThat(told.get(1).state()).isEqualTo(Notice.State.OVER);
  }

  @Test
  void ofManyDeadLettersTheFirstAreToldAndThenHowMany() {
    log.subscribe(
        TestLog.wanted("ci", "push", Runnable::run)
            .concurrency(1)
            .orderBy(OrderBy.NONE)
            .retry(1, Duration.ZERO)
            .settings(),
        attempt -> attempt.failed(new IllegalStateException("down")));
    for (int index = 0; index < 15; index++) {
      Delivery push = TestLog.push("acme/rocket");
      log.append(push).join();
    }
    Awaitility.await()
        .until(() -> log.figures().deadLettered().stream().anyMatch(each -> each.count() == 15));

    lookFor(Duration.ofSeconds(30));
    now = now.minus(Duration.ofHours(1)); // the sum does not wait for the hour to pass again
    lookFor(Duration.ofMinutes(3));

    assertThat(told).hasSize(11);
    assertThat(told.get(0).text()).contains("\"ci\" has given up on push of acme/rocket (");
    assertThat(told.get(0).details()).containsKeys("subscription", "delivery", "error");
    assertThat(told.get(10).text()).isEqualTo("\"ci\" has given up on 5 more deliveries.");
  }

  @Test
  void deliveriesThatExpireTogetherAreRememberedAsOne() {
    SubscriptionCounters counters = new SubscriptionCounters();
    counters.expired(300);

    assertThat(counters.newestGivenUp())
        .singleElement()
        .matches(each -> each.number() == 300 && each.position() == null);
  }

  @Test
  void whatHappensWhileNobodyListensIsNotToldLater() {
    notices.remove(listener);
    turnedAway = 7;
    lookFor(Duration.ofMinutes(2));
    notices.add(listener);
    lookFor(Duration.ofMinutes(2));

    assertThat(told).isEmpty();
  }

  private void lookFor(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      watch.look();
      now = now.plusSeconds(1);
    }
  }
}

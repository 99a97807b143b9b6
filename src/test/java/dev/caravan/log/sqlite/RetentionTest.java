package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.RetentionContract;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.sqlite.retention.Sweeper;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.tables.PositionList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes after its time in the embedded engine. */
class RetentionTest extends RetentionContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  private SqliteDeliveryLog sqlite() {
    return ((SqliteLogUnderTest) engine).log();
  }

  /** As `faketime +10d` or a machine without a battery has it. */
  @Test
  void aClockThatIsTenDaysAheadAtTheStartDeletesNothingAndIsLogged() {
    Delivery kept = append(push("acme/rocket"));
    Retention retention = new Retention(Retention.SHORTEST_AGE, Retention.SMALLEST_SIZE);
    AtomicInteger looks = new AtomicInteger();
    InstantSource ahead =
        () -> {
          looks.incrementAndGet();
          return Instant.now().plus(Duration.ofDays(10));
        };
    try (Sweeper sweeper = sqlite().sweeper(retention, ahead, Instant.now())) {
      sweeper.start(Duration.ofMillis(5));
      await().until(() -> looks.get() > 10);
    }
    assertThat(Kept.delivery(log.history(), kept.guid())).isPresent();
    assertThat(lines.lines())
        .singleElement()
        .asString()
        .startsWith("WARN The clock says ")
        .contains(" 10 days after the newest delivery")
        .contains("retention deletes nothing");
  }

  @Test
  void theCursorPassesWhatExpired() throws Exception {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("stuck", "push").concurrency(1).settings(), held::add);
    for (int index = 0; index < 20; index++) {
      append(push("acme/rocket"));
    }
    await().until(() -> held.size() == 1);

    afterDays(7);
    engine.sweep();
    log.restart();

    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT next, unfinished FROM subscription")) {
      assertThat(row.getLong(1)).isEqualTo(21);
      assertThat(PositionList.decode(row.getBytes(2))).isEmpty(); // it is a dead letter
    }
  }

  @Test
  void theDiskIsGivenBack() throws Exception {
    for (int index = 0; index < 20; index++) {
      append(large());
    }
    log.restart(); // so that all of it is in the file
    long before = Files.size(data.resolve("log.db"));
    afterDays(9);

    engine.sweep();
    log.restart();

    assertThat(Files.size(data.resolve("log.db"))).isLessThan(before / 4);
  }

  @Test
  void whatARunningSubscriptionHadNotReadYetBecomesADeadLetterToo() {
    Recorder recorder = new Recorder();
    Subscription subscription = log.subscribe(log.wanted("ci", "push").settings(), recorder);
    subscription.pause();
    log.restart();
    Subscription again = log.subscribe(log.wanted("ci", "push").settings(), recorder);
    Delivery unread = append(push("acme/rocket"));

    afterDays(7);
    engine.sweep();
    again.resume();
    Delivery last = append(push("acme/rocket"));

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(last.guid()));
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .extracting(DeadLetter::guid)
        .containsExactly(unread.guid());
    assertThat(lines.lines()).noneMatch(line -> line.startsWith("WARN"));
  }

  @Test
  void anExpiredDeliveryNoLongerHoldsUpTheLaneOfAStrictSubscription() {
    AtomicBoolean down = new AtomicBoolean(true);
    Recorder recorder = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").strict().retry(20, Duration.ofDays(30)).settings(),
        attempt -> {
          if (down.get()) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            recorder.handle(attempt);
          }
        });
    Delivery failing = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), failing.guid()).size() == 1);
    afterDays(4);
    Delivery behind = append(push("acme/rocket"));
    down.set(false);

    afterHours(84);
    engine.sweep();

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(behind.guid()));
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .extracting(DeadLetter::guid)
        .containsExactly(failing.guid());
  }

  /** As while a route file is reloaded: the old route is closed, and an attempt still in work. */
  @Test
  void aRetryBecomesADeadLetterWhileItsClosedSubscriptionFinishesSomethingElse() {
    List<Attempt> inWork = new CopyOnWriteArrayList<>();
    Delivery failing = push("acme/rocket");
    Subscription subscription =
        log.subscribe(
            log.wanted("ci", "*").retry(20, Duration.ofDays(30)).settings(),
            attempt -> {
              if (attempt.delivery().guid().equals(failing.guid())) {
                attempt.failed(new IllegalStateException("down"));
              } else {
                inWork.add(attempt);
              }
            });
    append(failing);
    await().until(() -> Kept.attempts(log.history(), failing.guid()).size() == 1);
    append(push("acme/other"));
    await().until(() -> inWork.size() == 1);
    Delivery unread = append(push("acme/other"));
    subscription.close();

    afterDays(7);
    engine.sweep();
    inWork.get(0).succeeded();

    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery last = append(push("acme/rocket"));
    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(last.guid()));
    assertThat(Kept.deadLetters(log.history(), "ci"))
        .extracting(DeadLetter::guid)
        .containsExactly(failing.guid(), unread.guid());
  }

  @Test
  void whatWasInWorkAtAStopIsReportedAsMissedThoughNothingElseCameSince() {
    stopWith(push("acme/rocket"));
    afterDays(9);
    engine.sweep();

    log.subscribe(log.wanted("ci", "*").settings(), new Recorder());

    assertThat(lines.lines())
        .anyMatch(
            line ->
                line.startsWith("WARN")
                    && line.contains(
                        "\"ci\" was away for so long that the log no longer keeps 1 delivery"));
  }
}

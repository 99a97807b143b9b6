package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.DeliveryLogContract;
import dev.caravan.log.Kept;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class SqliteDeliveryLogTest extends DeliveryLogContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  @Test
  void aBodyThatIsNotWhatWasSentIsNotRunAndTheOthersAre() throws Exception {
    Delivery changed = push("acme/rocket");
    Delivery whole = delivery("whole", "push", null, "acme/rocket", "{\"ref\":\"other\"}");
    Delivery cutOff = delivery("cut-off", "push", null, "acme/rocket", largePayload());
    log.append(changed);
    log.append(whole);
    log.append(cutOff);
    log.log().close();
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      statement.execute(
          "UPDATE content SET (length, dictionary, bytes) ="
              + " (SELECT length, dictionary, bytes FROM content WHERE position = 2) WHERE position = 1");
      statement.execute(
          "UPDATE content SET bytes = substr(bytes, 1, length(bytes) / 2) WHERE position = 3");
    }
    log.restart();
    Recorder recorder = new Recorder();
    log.subscribe(
        log.wanted("ci", "*").startFrom(StartFrom.BEGINNING).retry(1, Duration.ZERO).settings(),
        recorder);

    await().untilAsserted(() -> assertThat(recorder.guids).containsExactly(whole.guid()));
    await()
        .untilAsserted(
            () ->
                assertThat(Kept.deadLetters(log.history(), "ci"))
                    .extracting(DeadLetter::error)
                    .satisfiesExactlyInAnyOrder(
                        error ->
                            assertThat(error).contains(changed.guid() + " is not what was sent"),
                        error ->
                            assertThat(error)
                                .contains("what is stored of delivery " + cutOff.guid())));
  }

  /** Such that it is stored as a stream, and hardly compressed. */
  private static String largePayload() {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    return "{\"noise\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}";
  }

  @Test
  void anExpiredDeliveryRunsOnceWhenItIsRedeliveredAfterACrash() throws Exception {
    BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
    Subscription subscription = log.subscribe(log.wanted("ci", "*").settings(), attempts::add);
    Delivery running = push("acme/rocket");
    Delivery behind = push("acme/rocket");
    Delivery done = push("acme/other");
    log.append(running);
    log.append(behind);
    String position = log.append(done);
    for (int attempt = 0; attempt < 2; attempt++) {
      Attempt next = next(attempts);
      if (next.delivery().guid().equals(done.guid())) {
        next.succeeded();
      }
    }
    await().until(() -> !log.history().attemptsAt(position).isEmpty());
    subscription.pause();
    long now = System.currentTimeMillis();
    // One transaction of retention: in a sweep, what follows it writes the cursor.
    ((SqliteLogUnderTest) engine).log().removeBodies(now + 1, Long.MAX_VALUE, 1_000_000_000, now);
    engine.crash(() -> {});

    Recorder recorder = new Recorder();
    Subscription again = log.subscribe(log.wanted("ci", "*").settings(), recorder);
    log.append(behind);
    again.resume();
    Delivery last = push("acme/rocket");
    log.append(last);

    await().untilAsserted(() -> assertThat(recorder.guids).contains(last.guid()));
    await().until(() -> again.status().waiting() == 0);
    assertThat(recorder.guids).containsExactlyInAnyOrder(behind.guid(), last.guid());
  }

  @Test
  void aSecondProcessOnTheSameDirectoryIsTold() {
    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, TestLog.OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is in use by another Caravan");
  }

  @Test
  void aFileOfANewerVersionIsRefused() throws Exception {
    log.close();
    try (var connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThatThrownBy(() -> SqliteDeliveryLog.open(data, TestLog.OPTIONS))
        .hasMessageContaining("was written by a newer Caravan (log version 99");
  }
}

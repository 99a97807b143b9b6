package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.subscription.Subscription;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription is paused while its route is just being started. */
class PauseDuringStartTest extends FirstNode {
  /** So that nothing is looked at in between, until the test is over. */
  @BeforeEach
  void beatSeldom() {
    log.close();
    engine = new PostgresLogUnderTest(TestLog.OPTIONS, Duration.ofSeconds(60));
    log = new TestLog(engine);
  }

  @Test
  void onceThePauseHasReturnedNoAttemptBegins() throws SQLException {
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder).close();
    log.append(push("acme/rocket"));

    CompletableFuture<Subscription> start;
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE runs IN EXCLUSIVE MODE");
      start =
          CompletableFuture.supplyAsync(
              () -> log.subscribe(log.wanted("ci", "*").settings(), recorder));
      await().until(() -> engine.waitingForLocks() > 0);
      log.log().pause("ci");
      connection.rollback();
    }

    Subscription started = start.join();
    assertThat(started.status().paused()).isTrue();
    log.log().resume("ci");
    await().until(() -> recorder.guids.size() == 1);
  }
}

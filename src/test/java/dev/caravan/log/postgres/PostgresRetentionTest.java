package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Receipt;
import dev.caravan.log.Retention;
import dev.caravan.log.RetentionContract;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes after its time, in the shared engine. */
@Tag("long") // a log is opened for each, and many are opened again
class PostgresRetentionTest extends RetentionContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }

  /** It waits to be counted, behind somebody who has locked a cursor. */
  @Test
  void aRepeatOfWhatRetentionForgetsBeforeItIsCountedRunsAsANewDelivery() throws SQLException {
    PostgresLogUnderTest tables = (PostgresLogUnderTest) engine;
    Recorder recorder = new Recorder();
    log.subscribe(log.wanted("ci", "*").settings(), recorder);
    Delivery delivery = append(push("acme/rocket"));
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);
    afterHours(7 * 24 + 12);
    engine.sweep();
    CompletableFuture<Receipt> repeat;
    try (Connection connection = tables.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM cursor FOR UPDATE");
      repeat = log.log().append(delivery.with(engine.now()));
      await().until(() -> tables.waitingForLocks() > 0);
      afterDays(2);
      engine.sweep();
      connection.rollback();
    }

    String position = repeat.join().position();
    await()
        .untilAsserted(
            () -> assertThat(recorder.guids).containsExactly(delivery.guid(), delivery.guid()));
    assertThat(listed()).containsExactly(delivery.guid());
    assertThat(tables.number("SELECT position FROM delivery")).isEqualTo(Long.parseLong(position));
    assertThat(tables.number("SELECT position FROM content")).isEqualTo(Long.parseLong(position));
    assertThat(tables.count("restored") + tables.count("due")).isZero();
  }
}

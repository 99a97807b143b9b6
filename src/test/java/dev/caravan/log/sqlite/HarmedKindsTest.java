package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.subscription.StartFrom;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A log that lost names of events, to a damaged page for instance. */
class HarmedKindsTest {
  @TempDir Path data;
  private LogFixture log;

  @BeforeEach
  void fill() {
    log = new LogFixture(data);
    append("push");
    append("fork");
    append("star");
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aDeliveryWhoseEventIsLostIsShownWithItsNumberAndHoldsNothingUp() throws Exception {
    harm("DELETE FROM kind WHERE event = 'fork'");

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::event)
        .containsExactly("star", "unknown_2", "push");
    TestLog.Recorder ran = new TestLog.Recorder();
    log.subscribe(log.wanted("all", "*").startFrom(StartFrom.BEGINNING).settings(), ran);
    await().untilAsserted(() -> assertThat(ran.guids).hasSize(3));
  }

  @Test
  void aNewEventDoesNotTakeTheNumberOfAnother() throws Exception {
    harm("DELETE FROM kind WHERE event = 'fork'");

    append("watch");
    log.restart();

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::event)
        .containsExactly("watch", "star", "unknown_2", "push");
  }

  /** The name with the highest number, or all of them. */
  @ParameterizedTest
  @CsvSource({"event = 'star', push", "true, unknown_1"})
  void aNewEventDoesNotTakeTheNumberOfOneWhoseNameIsLost(String lost, String first)
      throws Exception {
    harm("DELETE FROM kind WHERE " + lost);

    append("watch");
    log.restart();

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::event)
        .startsWith("watch", "unknown_3")
        .endsWith(first);
  }

  /** As a salvage leaves them. */
  @Test
  void aNewEventDoesNotTakeTheNumberOfAnotherWhereTwoHaveOneName() throws Exception {
    harm("UPDATE kind SET event = 'unknown' WHERE event IN ('push', 'fork')");

    append("watch");
    log.restart();

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::event)
        .containsExactly("watch", "star", "unknown", "unknown");
  }

  private void append(String event) {
    log.append(TestLog.delivery("guid-of-" + event, event, null, "acme/rocket", "{}"));
  }

  private void harm(String sql) throws Exception {
    log.close();
    try (Connection connection = new Database(data.resolve("log.db")).openWriter();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = OFF");
      statement.execute(sql);
      connection.commit();
    }
    log = new LogFixture(data);
  }
}

package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RepeatsContract;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.sqlite.file.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What is the same delivery in the embedded engine. */
class RepeatsTest extends RepeatsContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  /** Older versions did not write down the hook that sent it, but where it was part of the key. */
  @Test
  void anotherPayloadFromTheHookOfADeliveryOfAnOldLogIsKeptAndNotRun() throws Exception {
    log.close();
    Path old = data.resolve("old");
    engine = open(old, Dedupe.GUID_AND_HOOK, Retention.DEFAULT);
    log = new TestLog(engine);
    log.append(from("7", "some-guid", "{\"a\":1}"));
    log.close();
    try (Connection connection = new Database(old.resolve("log.db")).openWriter();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE delivery SET sent_by = NULL");
      connection.commit();
    }
    engine = open(old, Dedupe.GUID_AND_HOOK, Retention.DEFAULT);
    log = new TestLog(engine);

    log.append(from("7", "some-guid", "{\"a\":2}"));

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::differsFromFirst)
        .containsExactly(true, false);
  }
}

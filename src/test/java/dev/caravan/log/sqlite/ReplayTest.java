package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.ReplayContract;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.subscription.Subscription;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest extends ReplayContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  @Test
  void theRateStaggersWhenDeliveriesBecomeDue() throws SQLException {
    Subscription ci = log.subscribe(log.wanted("ci", "*").settings(), new Recorder());
    for (int index = 0; index < 101; index++) {
      log.append(delivery("d" + index, "push", null, "a/b", "{}"));
    }
    await().until(() -> ci.status().waiting() == 0 && !ci.status().behind());
    ci.pause();
    await().until(() -> log.history().subscriptions().get(0).lag() == 0);

    ReplayProgress end = end(new ReplayRequest(DeliveryQuery.ALL, "ci", 20, false));

    List<Long> due = dueRows();
    assertThat(due).hasSize(101).isSorted();
    assertThat(due.get(100) - due.get(0)).isBetween(4900L, 5100L);
    assertThat(due.get(50) - due.get(0)).isBetween(2400L, 2600L);
    assertThat(end.lastDueAt()).isNotNull();
    assertThat(end.lastDueAt().toEpochMilli()).isEqualTo(due.get(100));
  }

  @Test
  void aDeliveryWhoseBodyIsGoneIsCountedAndNotRun() throws SQLException {
    Recorder ci = running("ci", "*");
    appendAndComplete(ci, "one", "two");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM content WHERE position = 1");
    }

    ReplayProgress end = replay(DeliveryQuery.ALL, null);

    assertThat(end.notKept()).isEqualTo(1);
    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 1L));
  }

  private List<Long> dueRows() {
    List<Long> due = new ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT due_at FROM due ORDER BY subscription, position")) {
      while (row.next()) {
        due.add(row.getLong(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Collections.unmodifiableList(due);
  }
}

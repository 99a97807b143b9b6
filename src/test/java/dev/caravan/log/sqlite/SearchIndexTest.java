package dev.caravan.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.SearchIndexContract;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.Topic;
import dev.caravan.log.search.Stretch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search index of the embedded engine. */
class SearchIndexTest extends SearchIndexContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  @Test
  void aStretchThatCannotBeReadIsReadFromItsRows() throws SQLException {
    List<String> before = answers();
    engine.index();
    change("UPDATE stretch SET columns = x'00000010ffff'");

    assertThat(answers()).isEqualTo(before);
  }

  @Test
  void anInterruptedIndexGoesOnWhereItWas() {
    engine.index();
    log.restart();
    append(COUNT, COUNT + Stretch.POSITIONS);

    engine.index();

    assertThat(stretches()).isEqualTo(3);
    Topic newest = Topic.parse(commit(COUNT + 100));
    assertThat(log.history().list(DeliveryQuery.ALL.about(newest), 10).deliveries())
        .extracting(DeliverySummary::guid)
        .containsExactly(guid(COUNT + 100));
  }

  @Test
  void aLogThatGrowsIsIndexedByItself() {
    await().atMost(Duration.ofSeconds(30)).until(() -> stretches() == 2);
  }

  @Override
  protected int stretches() {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM stretch")) {
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void change(String sql) throws SQLException {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      statement.execute(sql);
    }
  }
}

package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.TestLog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the database does with calls that came late, or whose answers never came. */
class RecordOutcomesTest {
  private PostgresLogUnderTest engine;
  private String known = "''";

  @BeforeEach
  void aShardOfSomeNode() {
    engine = new PostgresLogUnderTest(TestLog.OPTIONS);
    engine.execute(
        "UPDATE head SET next = 20; INSERT INTO subscription (name, created_at) VALUES ('ci', 0);"
            + " INSERT INTO cursor (subscription, shard, next, owner, epoch)"
            + " SELECT id, 3, 1, 77, 5 FROM subscription");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aCallThatComesLateDoesNotUndoANewerOne() throws SQLException {
    assertThat(record(2, 9, "{}")).isEqualTo("{1} {}");

    assertThat(record(1, 4, "{}")).isEqualTo("{} {}");

    assertThat(engine.number("SELECT next FROM cursor")).isEqualTo(9);
  }

  @Test
  void aCursorBeyondTheEndOfTheLogIsNotWritten() throws SQLException {
    assertThat(record(1, 21, "{}")).isEqualTo("{} {}");

    assertThat(engine.number("SELECT next FROM cursor")).isEqualTo(1);
  }

  @Test
  void whatANodeThatKnewOtherTablesWritesIsRefused() {
    known = "1";

    assertThatThrownBy(() -> record(1, 9, "{}")).hasMessageContaining("made anew");
    assertThat(engine.number("SELECT next FROM cursor")).isEqualTo(1);
  }

  @Test
  void aRedeliveryOutlivesACallWhoseAnswerNeverCame() throws SQLException {
    engine.execute("INSERT INTO again SELECT id, 4 FROM subscription");
    assertThat(record(1, 5, "{4}")).isEqualTo("{1} {4}");

    assertThat(record(2, 5, "{4}")).isEqualTo("{1} {4}");

    assertThat(engine.count("dead_letter")).isZero();
    assertThat(engine.count("due")).isEqualTo(1);
    // What then fails under a later beginning has had its chance.
    assertThat(record(3, 5, "{4}", 2000)).isEqualTo("{1} {}");
    assertThat(engine.count("dead_letter")).isEqualTo(1);
  }

  @Test
  void repeatsAreCountedInTheOrderInWhichDeliveriesAreAppended() throws Exception {
    TestLog log = new TestLog(engine);
    String position = log.append(TestLog.push("acme/rocket"));
    engine.execute("DELETE FROM content");
    try (Connection appending = engine.connect();
        Statement statement = appending.createStatement()) {
      appending.setAutoCommit(false);
      statement.execute("UPDATE head SET next = next");
      CompletableFuture<Void> counting =
          CompletableFuture.runAsync(
              () ->
                  engine.execute(
                      "SELECT count_repeats(%s, 1, false, 2, 0, ''::bytea, 0)"
                          .formatted(position)));
      await().until(() -> engine.waitingForLocks() > 0);

      statement.execute("SELECT FROM delivery FOR UPDATE"); // or one of both would have to give way
      appending.commit();
      counting.join();
    }
    assertThat(engine.number("SELECT repeats FROM delivery")).isEqualTo(1);
    assertThat(engine.count("content")).isEqualTo(1);
  }

  private String record(int call, int next, String failed) throws SQLException {
    return record(call, next, failed, 1000);
  }

  /** Writes that a position, or none, became a dead letter; returns which are held, and again. */
  private String record(int call, int next, String failed, int startedAt) throws SQLException {
    String each = failed.equals("{}") ? "'{}'" : "'{%s}'";
    String sql =
        "SELECT r.held::text || ' ' || r.again_at::text FROM subscription s, record_outcomes("
            + "77, ARRAY[s.id], '{3}', '{5}', '{%d}', '{%d}', ARRAY[''::bytea], "
                .formatted(call, next)
            + String.join(
                ", ",
                each.formatted(1),
                "'" + failed + "'",
                each.formatted(1),
                each.formatted(startedAt),
                each.formatted(10),
                each.formatted("down"),
                each.formatted("DEAD_LETTER"),
                each.formatted(0),
                each.formatted(1))
            + ") r";
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET caravan.log = " + known);
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getString(1);
      }
    }
  }
}

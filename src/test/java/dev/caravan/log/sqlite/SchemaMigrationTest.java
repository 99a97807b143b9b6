package dev.caravan.log.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.tables.Guids;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that version 3 wrote, in which nothing but attempts said what was completed. */
class SchemaMigrationTest {
  private static final List<String> VERSION_3 =
      List.of(
          "CREATE TABLE kind (id INTEGER PRIMARY KEY, event TEXT NOT NULL, action TEXT)",
          "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, bytes BLOB NOT NULL)",
          """
          CREATE TABLE delivery (
            position INTEGER PRIMARY KEY,
            guid BLOB NOT NULL,
            hook INTEGER NOT NULL,
            kind INTEGER NOT NULL REFERENCES kind,
            received_at INTEGER NOT NULL,
            repository TEXT,
            organization TEXT,
            installation TEXT,
            sender TEXT,
            thread TEXT,
            length INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            repeats INTEGER NOT NULL DEFAULT 0,
            differs_from INTEGER
          )""",
          "CREATE UNIQUE INDEX delivery_guid ON delivery (guid, hook) WHERE differs_from IS NULL",
          "CREATE INDEX delivery_kind ON delivery (kind)",
          """
          CREATE TABLE content (
            position INTEGER PRIMARY KEY,
            form INTEGER NOT NULL,
            length INTEGER NOT NULL,
            dictionary INTEGER REFERENCES dictionary,
            bytes BLOB NOT NULL
          )""",
          """
          CREATE TABLE subscription (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            first INTEGER NOT NULL,
            next INTEGER NOT NULL,
            unfinished BLOB NOT NULL,
            paused INTEGER NOT NULL DEFAULT 0
          )""",
          """
          CREATE TABLE due (
            subscription INTEGER NOT NULL REFERENCES subscription,
            position INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            PRIMARY KEY (subscription, position)
          ) WITHOUT ROWID""",
          "CREATE INDEX due_at ON due (subscription, due_at)",
          """
          CREATE TABLE dead_letter (
            subscription INTEGER NOT NULL REFERENCES subscription,
            position INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            since INTEGER NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (subscription, position)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE attempt (
            position INTEGER NOT NULL,
            subscription INTEGER NOT NULL REFERENCES subscription,
            started_at INTEGER NOT NULL,
            number INTEGER NOT NULL,
            took INTEGER NOT NULL,
            error TEXT,
            PRIMARY KEY (position, subscription, started_at, number)
          ) WITHOUT ROWID""",
          "CREATE TABLE restored (position INTEGER PRIMARY KEY, received_at INTEGER NOT NULL)",
          """
          CREATE TABLE skipped (
            subscription INTEGER NOT NULL REFERENCES subscription,
            first INTEGER NOT NULL,
            next INTEGER NOT NULL,
            PRIMARY KEY (subscription, first)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE next_position (
            row INTEGER PRIMARY KEY CHECK (row = 1),
            position INTEGER NOT NULL
          )""",
          "ALTER TABLE dictionary ADD COLUMN trained_to INTEGER NOT NULL DEFAULT 0",
          "CREATE INDEX delivery_differing ON delivery (differs_from) WHERE differs_from IS NOT NULL");

  @TempDir Path data;

  @BeforeEach
  void write() throws SQLException {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
      statement.execute("PRAGMA journal_mode = WAL");
      for (String sql : VERSION_3) {
        statement.execute(sql);
      }
      statement.execute("PRAGMA application_id = " + 0x4352564E);
      statement.execute("PRAGMA user_version = 3");
      statement.execute("INSERT INTO kind VALUES (1, 'push', NULL)");
      statement.execute("INSERT INTO subscription VALUES (1, 'ci', 0, 1, 9, x'04', 0)");
      statement.execute("INSERT INTO subscription VALUES (2, 'young', 0, 6, 9, x'', 0)");
      for (int position = 1; position <= 8; position++) {
        insert(file, position);
      }
      statement.execute("INSERT INTO skipped VALUES (1, 2, 3)");
      statement.execute("INSERT INTO dead_letter VALUES (1, 3, 1, 0, 'down')");
      statement.execute("INSERT INTO content VALUES (8, 0, 1, NULL, x'00')");
      statement.execute("INSERT INTO attempt VALUES (8, 1, 0, 1, 1, NULL)");
      statement.execute("INSERT INTO attempt VALUES (8, 2, 0, 1, 1, NULL)");
      statement.execute("INSERT INTO attempt VALUES (5, 2, 0, 1, 1, NULL)"); // before it began
    }
  }

  private static void insert(Connection file, int position) throws SQLException {
    Delivery delivery = delivery(position);
    try (PreparedStatement insert =
        file.prepareStatement(
            """
            INSERT INTO delivery (position, guid, hook, kind, received_at, length, checksum)
            VALUES (?, ?, 0, 1, ?, 2, ?)""")) {
      insert.setInt(1, position);
      insert.setBytes(2, Guids.encode(delivery.guid()));
      insert.setLong(3, System.currentTimeMillis() - 1000);
      insert.setInt(4, ContentCodec.checksum(delivery.payload()));
      insert.executeUpdate();
    }
  }

  private static Delivery delivery(int position) {
    return TestLog.delivery("guid-" + position, "push", null, null, "{\"n\":" + position + "}");
  }

  @Test
  void whatItHadCompletedDoesNotRunAgainAndTheRestDoes() {
    try (LogFixture log = new LogFixture(data)) {
      Recorder ci = new Recorder();
      Recorder young = new Recorder();
      log.subscribe(log.wanted("ci", "*").concurrency(1).settings(), ci);
      log.subscribe(log.wanted("young", "*").concurrency(1).settings(), young);
      // Its body is gone, though it was in work at the last stop.
      await().until(() -> Kept.deadLetters(log.history(), "ci").size() == 2);

      for (int position = 1; position <= 9; position++) {
        log.append(delivery(position));
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(ci.guids)
                      .containsExactlyInAnyOrder("guid-2", "guid-3", "guid-4", "guid-9"));
      await()
          .untilAsserted(
              () ->
                  assertThat(young.guids)
                      .containsExactlyInAnyOrder("guid-1", "guid-2", "guid-3", "guid-4", "guid-9"));
      assertThat(Kept.newest(log.history(), 20))
          .extracting(DeliverySummary::guid)
          .containsExactly(
              "guid-9", "guid-8", "guid-7", "guid-6", "guid-5", "guid-4", "guid-3", "guid-2",
              "guid-1");
    }
  }

  @Test
  void itIsOfTheNewVersionAfterwards() throws SQLException {
    new LogFixture(data).close();
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isEqualTo(5);
      assertThat(statement.executeQuery("SELECT count(*) FROM completed").getInt(1)).isEqualTo(6);
    }
  }

  @Test
  void aStepThatFailsLeavesTheFileAsItWas() throws SQLException {
    change("ALTER TABLE skipped RENAME TO aside");
    assertThatThrownBy(() -> new LogFixture(data)).hasMessageContaining("skipped");

    change("ALTER TABLE aside RENAME TO skipped");

    itIsOfTheNewVersionAfterwards();
  }

  private void change(String sql) throws SQLException {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aDeliveryFromAHookIsAnotherThanOneOfWhichNoHookIsKnown() {
    try (LogFixture log = new LogFixture(data)) {
      Recorder ci = new Recorder();
      log.subscribe(log.wanted("ci", "*").settings(), ci);

      log.append(TestLog.delivery("guid-8", "push", null, null, "{\"installation\":2}"));

      await().untilAsserted(() -> assertThat(ci.guids).contains("guid-8"));
      assertThat(new String(Kept.delivery(log.history(), "guid-8").orElseThrow().body(), UTF_8))
          .contains("installation");
    }
  }
}

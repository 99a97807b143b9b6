package dev.caravan.log.postgres.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.testing.PostgresServer;
import dev.caravan.webhook.CapturedLog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How several nodes take back what one cancelled replay has made due. */
class ReplayTakeBackTest {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** All nodes find what is left; by the same rows, they would only wait for each other. */
  @Test
  void oneNodeAtATimeTakesAReplayBack() throws SQLException {
    PostgresServer server = PostgresServer.shared();
    PostgresPlace place =
        new PostgresPlace(server.url(), "", server.newSchema(), "test", Duration.ofSeconds(5));
    Database database = new Database(place);
    try (Connection one = database.open(LONGEST);
        Connection two = database.open(LONGEST)) {
      Schema.prepare(one, place);
      execute(
          one,
          "INSERT INTO subscription (name, created_at) VALUES ('ci', 0)",
          "INSERT INTO kind (event) VALUES ('push')",
          "INSERT INTO cursor (subscription, shard, next) SELECT 1, shard, 2 FROM generate_series(0, 15) shard",
          "INSERT INTO delivery (position, guid, hook, kind, shard, received_at, length, checksum) VALUES (1, 'a', 0, 1, 3, 0, 0, 0)",
          "INSERT INTO replay (what, request, started_at, state, ends) VALUES ('', '{}', 0, 'CANCELLED', 2)",
          "INSERT INTO due VALUES (1, 1, 0, 7, 3)",
          "INSERT INTO replay_row VALUES (1, 1, 1, 7, false)");
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      execute(two, "SET LOCAL lock_timeout = '2s'");

      assertThat(new ReplayTakeBack(one, 1).run()).isTrue();
      assertThat(new ReplayTakeBack(two, 1).run()).isFalse();
      one.commit();
      two.commit();

      assertThat(new ReplayTakeBack(two, 1).run()).isFalse();
      try (Statement select = two.createStatement();
          ResultSet row = select.executeQuery("SELECT taken_back FROM replay")) {
        assertThat(row.next() && row.getLong(1) == 1).isTrue();
      }
    } finally {
      database.sever();
    }
  }

  /** A database that refuses it may do so for days. */
  @Test
  void afterAFailureTheNextLooksBeginNothing() throws Exception {
    PostgresServer server = PostgresServer.shared();
    PostgresPlace place =
        new PostgresPlace(server.url(), "", server.newSchema(), "test", Duration.ofSeconds(5));
    Database database = new Database(place);
    try (Connection one = database.open(LONGEST);
        Sessions sessions = new Sessions(database, LONGEST);
        CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      Schema.prepare(one, place);
      execute(
          one,
          "INSERT INTO subscription (name, created_at) VALUES ('ci', 0)",
          "INSERT INTO kind (event) VALUES ('push')",
          "INSERT INTO cursor (subscription, shard, next) SELECT 1, shard, 3 FROM generate_series(0, 15) shard",
          "INSERT INTO delivery (position, guid, hook, kind, shard, received_at, length, checksum) VALUES (1, 'a', 0, 1, 3, 0, 0, 0), (2, 'b', 0, 1, 3, 0, 0, 0)",
          "INSERT INTO replay (what, request, started_at, state, ends) VALUES ('', '{}', 0, 'CANCELLED', 2)",
          "INSERT INTO due VALUES (1, 1, 0, 7, 3), (1, 2, 0, 7, 3)",
          "INSERT INTO replay_row VALUES (1, 1, 1, 7, false)",
          "CREATE SEQUENCE tried_1",
          "CREATE SEQUENCE tried_2",
          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval(format('tried_%s', OLD.position)); RAISE 'no'; END $$",
          "CREATE TRIGGER refuse BEFORE DELETE ON due FOR EACH ROW EXECUTE FUNCTION refuse()");
      TakeBacks takeBacks = new TakeBacks(sessions, (subscription, shard) -> {}, replay -> {});

      takeBacks.look();
      await().until(() -> !lines.lines().isEmpty());
      takeBacks.look();
      takeBacks.look();
      execute(
          one,
          "INSERT INTO replay (what, request, started_at, state, ends) VALUES ('', '{}', 0, 'CANCELLED', 2)",
          "INSERT INTO replay_row VALUES (2, 2, 1, 7, false)");
      takeBacks.begin(2); // by somebody, just now

      await().until(() -> isTried(one, "tried_2"));
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .contains("cannot be taken back now: The delivery log cannot be written: ERROR: no");
      assertThat(times(one, "tried_1")).isOne();
      takeBacks.close();
    } finally {
      database.sever();
    }
  }

  private static boolean isTried(Connection connection, String sequence) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("SELECT is_called FROM " + sequence)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static long times(Connection connection, String sequence) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("SELECT last_value FROM " + sequence)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }
}

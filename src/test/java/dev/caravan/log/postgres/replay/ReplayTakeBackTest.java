package dev.caravan.log.postgres.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.testing.PostgresServer;
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

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }
}

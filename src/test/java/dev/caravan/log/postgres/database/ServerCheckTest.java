package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.PostgresServer;
import dev.caravan.webhook.CapturedLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node says of its server when it starts. */
class ServerCheckTest {
  private final PostgresServer server = PostgresServer.shared();
  private final PostgresPlace place =
      new PostgresPlace(server.url(), "", "caravan", "test", Duration.ofSeconds(5));

  @Test
  void aNodeThatWouldNotNoticeAFailoverSaysSo() throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false); // nothing of it stays
      assertThat(warnings(connection)).isEmpty();
      statement.execute("CREATE ROLE unprivileged");
      statement.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
      statement.execute("SET LOCAL ROLE unprivileged");

      assertThat(warnings(connection))
          .singleElement()
          .asString()
          .contains("may not call pg_control_system()")
          .contains("GRANT EXECUTE ON FUNCTION pg_control_system() TO");
      connection.rollback();
    }
  }

  private List<String> warnings(Connection connection) throws SQLException {
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      ServerCheck.of(connection, place).report();
      return lines.lines().stream().filter(line -> line.contains("pg_control_system")).toList();
    }
  }
}

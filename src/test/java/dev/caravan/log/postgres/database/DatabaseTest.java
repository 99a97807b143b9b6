package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a connection is set to, whatever its role's defaults are. */
class DatabaseTest {
  private final PostgresServer server = PostgresServer.shared();
  private final String role = server.newSchema();

  @Test
  void aSchemaWithANameThatPostgresReservesIsRefused() throws Exception {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")) {
      while (row.next()) {
        String word = row.getString(1);
        assertThatThrownBy(
                () -> new PostgresPlace(server.url(), "", word, "test", Duration.ofSeconds(5)))
            .hasMessageContaining("does not keep for itself, as it does " + word);
      }
    }
    assertThatThrownBy(
            () -> new PostgresPlace(server.url(), "", "pg_mine", "test", Duration.ofSeconds(5)))
        .hasMessageContaining("pg_mine");
  }

  @Test
  void aConnectionThatIsNotUsedForLongIsNotEndedByTheServer() throws Exception {
    assertThat(settingOfAConnection("idle_session_timeout", "1h")).isEqualTo("0");
  }

  /** Two nodes append at once: one of them would fail each time. */
  @Test
  void transactionsDoNotConflictWhereTheRoleWantsThemSerializable() throws Exception {
    assertThat(settingOfAConnection("default_transaction_isolation", "serializable"))
        .isEqualTo("read committed");
  }

  /** What it is on a connection of a role that has another default. */
  private String settingOfAConnection(String name, String ofTheRole) throws Exception {
    server.execute(
        "CREATE ROLE " + role + " LOGIN",
        "ALTER ROLE " + role + " SET " + name + " = '" + ofTheRole + "'");
    String url = server.url().replace("//caravan@", "//" + role + "@");
    Database database =
        new Database(new PostgresPlace(url, "", role, "test", Duration.ofSeconds(5)));

    try (Connection connection = database.open(Duration.ofSeconds(5));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }
}

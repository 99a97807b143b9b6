package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.PostgresDeliveryLog;
import dev.caravan.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Why a node cannot use its database, in one sentence that says what to do. */
class RefusalTest {
  private final PostgresServer server = PostgresServer.shared();
  private final String schema = server.newSchema();

  private AbstractThrowableAssert<?, ?> start(String role, String password) {
    return assertThatThrownBy(
            () ->
                PostgresDeliveryLog.openBriefly(
                    new PostgresPlace(
                        server.url().replace("caravan@", role + "@"),
                        password,
                        schema,
                        "test",
                        Duration.ofSeconds(5)),
                    TestLog.OPTIONS))
        .satisfies(
            refused -> {
              if (!password.isEmpty() && refused.getMessage().contains(password)) {
                throw new AssertionError("It shows the password: " + refused.getMessage());
              }
            });
  }

  /** Of that role; of others as before. */
  private void askForPassword(String role) {
    server.execute(
        """
        DO $$ BEGIN
          EXECUTE format('COPY (VALUES (%%L), (%%L), (%%L)) TO %%L',
            'host all %s 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust',
            'host replication all 127.0.0.1/32 trust', current_setting('hba_file'));
        END $$"""
            .formatted(role),
        "SELECT pg_reload_conf()");
  }

  @Test
  void aWrongPasswordIsSaidWithWhereItIsSet() {
    String role = schema + "_secretive";
    server.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'the right one'");
    askForPassword(role);

    start(role, "hunter2")
        .hasMessageContaining("does not let the role " + role + " in")
        .hasMessageContaining("CARAVAN_LOG_PASSWORD or caravan.log.password-file");
    start(role, "").hasMessageContaining("CARAVAN_LOG_PASSWORD or caravan.log.password-file");
  }

  @Test
  void aServerWithoutAConnectionLeftIsSaidWithWhatToRaise() {
    String role = schema + "_many";
    server.execute("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 0");

    start(role, "").hasMessageContaining("has no connection left for this node");
  }

  /** A name of a branch, say, would be refused for good: after a 202, where there is a spool. */
  @Test
  void aDatabaseThatCannotStoreEveryLetterIsRefusedBeforeAnythingIsMadeThere() {
    String latin = schema + "_latin";
    server.execute(
        "CREATE DATABASE "
            + latin
            + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    String url = server.url().replaceFirst("caravan$", latin);
    assertThatThrownBy(
            () ->
                PostgresDeliveryLog.openBriefly(
                    new PostgresPlace(url, "", schema, "test", Duration.ofSeconds(5)),
                    TestLog.OPTIONS))
        .hasMessageContaining("has the encoding LATIN1")
        .hasMessageContaining("ENCODING 'UTF8'");
  }

  @Test
  void aRoleThatMayReadAndNotWriteIsToldWhichRightItLacks() throws SQLException {
    String role = schema + "_reader";
    PostgresDeliveryLog.openBriefly(
            new PostgresPlace(server.url(), "", schema, "test", Duration.ofSeconds(5)),
            TestLog.OPTIONS)
        .close();
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + role + " LOGIN");
      statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
    }

    start(role, "")
        .hasMessageContaining("the role " + role + " lacks a right in the schema " + schema);
  }
}

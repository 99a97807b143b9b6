package dev.caravan.log.postgres.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.PostgresDeliveryLog;
import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaTest {

  private PostgresServer server;
  private String schema;

  @BeforeEach
  void aSchemaOfItsOwn() {
    server = PostgresServer.shared();
    schema = server.newSchema();
  }

  private PostgresPlace place(String user, String password) {
    return new PostgresPlace(
        server.url().replace("caravan@", user + "@"),
        password,
        schema,
        "test",
        Duration.ofSeconds(5));
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The only number that a query answers. */
  private long number(String sql) throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      long number = row.getLong(1);
      assertThat(row.next()).isFalse();
      return number;
    }
  }

  private static String text(String file) throws IOException {
    try (InputStream stream = Schema.class.getResourceAsStream(file)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  @Test
  void severalNodesThatStartAtOnceMakeTheTablesOnce() {
    List<CompletableFuture<PostgresDeliveryLog>> starts =
        IntStream.range(0, 4)
            .mapToObj(
                node ->
                    CompletableFuture.supplyAsync(
                        () ->
                            PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS)))
            .toList();

    assertThat(starts).allSatisfy(start -> start.join().close());
  }

  @Test
  void whatIsPrintedForAnAdministratorMakesTheSameTables() throws Exception {
    execute(Schema.sql(schema));

    PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS).close();
  }

  @Test
  void whatIsPrintedForAnAdministratorUpdatesOlderTablesAndLeavesNewOnesAlone() throws Exception {
    execute(
        "CREATE ROLE " + schema + " LOGIN",
        "CREATE SCHEMA " + schema,
        "GRANT USAGE ON SCHEMA %1$s TO %1$s".formatted(schema),
        "SET search_path = " + schema,
        text("tables-1.sql"),
        text("tables-2.sql"),
        text("functions.sql"),
        "INSERT INTO version VALUES (1, 2); UPDATE head SET next = 42",
        "GRANT ALL ON ALL TABLES IN SCHEMA %1$s TO %1$s".formatted(schema),
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA %1$s TO %1$s".formatted(schema));
    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(place(schema, ""), TestLog.OPTIONS))
        .hasMessageContaining("runs what caravan log schema prints");

    for (int time = 0; time < 2; time++) {
      execute(Schema.sql(schema));

      PostgresDeliveryLog.openBriefly(place(schema, ""), TestLog.OPTIONS).close();
      assertThat(number("SELECT next FROM %s.head".formatted(schema))).isEqualTo(42);
    }
  }

  @Test
  void aSchemaOfAnOlderVersionGetsWhatItLacksAndKeepsWhatItHas() throws Exception {
    execute(
        "CREATE SCHEMA " + schema,
        "SET search_path = " + schema,
        text("tables-1.sql"),
        "INSERT INTO version VALUES (1, 1); UPDATE head SET next = 42");

    try (PostgresDeliveryLog log =
        PostgresDeliveryLog.open(place("caravan", ""), TestLog.OPTIONS)) {
      assertThat(log.append(TestLog.push("acme/rocket")).join().position()).isEqualTo("42");
    }
  }

  /**
   * Version 3 stored the body of a repeat though retention had forgotten its delivery meanwhile.
   */
  @Test
  void aBodyWhoseDeliveryIsForgottenIsDeleted() throws Exception {
    execute("CREATE SCHEMA " + schema, "SET search_path = " + schema);
    for (int version = 1; version <= 3; version++) {
      execute("SET search_path = " + schema, text("tables-" + version + ".sql"));
    }
    execute(
        "SET search_path = " + schema,
        "INSERT INTO version VALUES (1, 3)",
        "INSERT INTO kind (event) VALUES ('push')",
        "INSERT INTO delivery (position, guid, hook, kind, received_at, length, checksum, shard) VALUES (7, 'a', 0, 1, 5, 2, 1, 0)",
        "INSERT INTO content VALUES (2, false, 2, NULL, '\\x010203'), (7, false, 2, NULL, '\\x0102')",
        "INSERT INTO restored VALUES (2, 5), (7, 5)",
        "INSERT INTO due VALUES (1, 2, 0, 5, 0), (1, 7, 0, 5, 0)",
        "INSERT INTO again VALUES (1, 2), (1, 7)",
        "UPDATE head SET next = 8, content_bytes = 5");

    PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS).close();

    for (String table : List.of("content", "restored", "due", "again")) {
      assertThat(number("SELECT position FROM %s.%s".formatted(schema, table))).isEqualTo(7);
    }
    assertThat(number("SELECT content_bytes FROM %s.head".formatted(schema))).isEqualTo(2);
  }

  @Test
  void aSchemaOfANewerVersionIsRefused() throws Exception {
    PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS).close();
    execute("UPDATE " + schema + ".version SET version = 99");

    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS))
        .hasMessageContaining("was made by a newer Caravan (log version 99");
  }

  @Test
  void aSchemaWithOtherTablesIsLeftAlone() throws Exception {
    execute("CREATE SCHEMA " + schema, "CREATE TABLE " + schema + ".theirs (id int)");

    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(place("caravan", ""), TestLog.OPTIONS))
        .hasMessageContaining("has tables that are not Caravan's");
  }

  @Test
  void aRoleThatMayNotMakeTheSchemaIsToldHowToGetIt() throws Exception {
    execute("CREATE ROLE " + schema + " LOGIN");

    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(place(schema, ""), TestLog.OPTIONS))
        .hasMessageContaining("the role " + schema + " lacks a right")
        .hasMessageContaining("CREATE SCHEMA IF NOT EXISTS " + schema + " AUTHORIZATION " + schema);

    execute("CREATE SCHEMA IF NOT EXISTS " + schema + " AUTHORIZATION " + schema);
    PostgresDeliveryLog.openBriefly(place(schema, ""), TestLog.OPTIONS).close();
  }

  @Test
  void aDatabaseThatIsNotThereAndAHostThatDoesNotAnswerAreSaid() {
    PostgresPlace there = place("caravan", "");
    PostgresPlace database =
        new PostgresPlace(
            there.url().replaceFirst("/caravan$", "/other"), "", schema, "n", there.lease());
    PostgresPlace host =
        new PostgresPlace(
            "postgresql://caravan@127.0.0.1:1/caravan", "", schema, "n", there.lease());

    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(database, TestLog.OPTIONS))
        .hasMessageContaining("CREATE DATABASE other OWNER caravan");
    assertThatThrownBy(() -> PostgresDeliveryLog.openBriefly(host, TestLog.OPTIONS))
        .hasMessageContaining("at 127.0.0.1:1 cannot be reached");
  }

  @Test
  void aPasswordInTheUrlIsRefusedAndNotShown() {
    assertThatThrownBy(
            () ->
                new PostgresPlace(
                    "postgresql://caravan:hunter2@db/caravan", "", "caravan", "n", Duration.ZERO))
        .hasMessageContaining("CARAVAN_LOG_PASSWORD")
        .message()
        .doesNotContain("hunter2");
  }
}

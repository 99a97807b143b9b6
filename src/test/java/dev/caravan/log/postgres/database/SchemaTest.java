package dev.caravan.log.postgres.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.PostgresDeliveryLog;
import dev.caravan.testing.PostgresServer;
import java.io.InputStream;
import java.sql.Connection;
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
  void aSchemaOfAnOlderVersionGetsWhatItLacksAndKeepsWhatItHas() throws Exception {
    String first;
    try (InputStream tables = Schema.class.getResourceAsStream("tables-1.sql")) {
      first = new String(tables.readAllBytes(), UTF_8);
    }
    execute(
        "CREATE SCHEMA " + schema,
        "SET search_path = " + schema,
        first,
        "INSERT INTO version VALUES (1, 1); UPDATE head SET next = 42");

    try (PostgresDeliveryLog log =
        PostgresDeliveryLog.open(place("caravan", ""), TestLog.OPTIONS)) {
      assertThat(log.append(TestLog.push("acme/rocket")).join().position()).isEqualTo("42");
    }
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

package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

class WakerTest {
  private final PostgresServer server = PostgresServer.shared();

  private Database database(String schema) {
    return new Database(new PostgresPlace(server.url(), "", schema, "test", Duration.ofSeconds(5)));
  }

  /** The server has room for 63 letters in the name of a schema, and in that of a channel. */
  @ParameterizedTest
  @ValueSource(ints = {7, 55, 56, 63})
  void anotherNodeIsWokenHoweverLongTheNameOfTheSchema(int length) throws Exception {
    Database database = database("s".repeat(length));
    Waker waker = new Waker(database);
    try (Connection other = server.connect("caravan");
        Statement listen = other.createStatement()) {
      listen.execute("LISTEN \"" + Waker.channel(database) + "\"");
      waker.othersThere(true);

      waker.tell(Waker.APPENDED);

      assertThat(other.unwrap(PGConnection.class).getNotifications(10_000))
          .extracting(PGNotification::getParameter)
          .containsExactly(Waker.APPENDED);
    } finally {
      waker.close();
      database.sever();
    }
  }

  @Test
  void schemasWhoseNamesBeginAlikeHaveChannelsOfTheirOwn() {
    assertThat(Waker.channel(database("s".repeat(62) + "a")))
        .isNotEqualTo(Waker.channel(database("s".repeat(62) + "b")))
        .hasSize(63);
  }
}

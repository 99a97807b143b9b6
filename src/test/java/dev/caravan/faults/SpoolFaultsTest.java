package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.tables.Guids;
import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that keeps deliveries while its database is away, and is killed or has no room for them.
 */
class SpoolFaultsTest {
  private static final int REPOSITORIES = 5;

  @TempDir Path directory;

  private final List<String> accepted = new ArrayList<>();
  private int number;

  private Site site(PostgresServer database, Path data, Destination destination)
      throws IOException {
    Files.writeString(
        directory.resolve("application.properties"),
        "caravan.management.token = a-token-of-this-test-only");
    return new Site(directory, data)
        .set("caravan.log", database.url())
        .set("caravan.log.spool", "on")
        .set("caravan.log.spool.after", "500ms")
        .set("caravan.cluster.lease", "2s")
        .route("ci", destination.route("ci", "*", "concurrency: 8", 0));
  }

  @Test
  @Tag("long")
  void aNodeThatIsKilledInTheMiddleOfAppendingGoesOnAfterwardsAndAppendsNothingTwice()
      throws Exception {
    try (PostgresServer database = PostgresServer.ownWithFsync();
        Destination destination = new Destination()) {
      Site site = site(database, directory.resolve("data"), destination);
      CaravanProcess node = site.startReady();
      database.stop();
      send(new Client(node), 1500);
      for (int kill = 0; kill < 5; kill++) {
        node.kill(); // while it spools, and then while it appends
        database.start();
        node = site.startReady();
        TimeUnit.MILLISECONDS.sleep(100L * kill);
        send(new Client(node), 100);
        database.stop();
        send(new Client(node), 100);
      }
      database.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> accepted.stream().allMatch(destination.at("ci")::hasCompleted));
      assertThat(number(database, "SELECT count(*) FROM caravan.delivery"))
          .isEqualTo(accepted.size());
      assertThat(number(database, "SELECT sum(repeats) FROM caravan.delivery")).isZero();
      for (int repository = 0; repository < REPOSITORIES; repository++) {
        List<String> order = inOrder(database, repository);
        assertThat(order).isEqualTo(accepted.stream().filter(order::contains).toList());
      }
      node.close();
    }
    assertThat(accepted).hasSize(2500);
  }

  @Test
  void whatASpoolHasNoRoomForIs503AndAllElseIsAppendedWhenTheDatabaseIsBack() throws IOException {
    fillTheDisk(false);
  }

  /** Which takes ten seconds. */
  @Test
  @Tag("long")
  void aNodeWhoseSpoolHasNoRoomIsNotReadyWhileTheDatabaseIsAway() throws IOException {
    fillTheDisk(true);
  }

  private void fillTheDisk(boolean untilItIsNotReady) throws IOException {
    try (PostgresServer database = PostgresServer.ownWithFsync();
        SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "80m");
        Destination destination = new Destination()) {
      Site site = site(database, disk.directory().resolve("data"), destination);
      try (CaravanProcess node = site.startReady()) {
        Client client = new Client(node);
        database.stop();
        send(client, 20);
        disk.fill();
        HttpResponse<String> full = client.send(next());
        assertThat(full.statusCode()).isEqualTo(503);
        if (untilItIsNotReady) {
          await().until(() -> client.health() == 503);
        }
        disk.clear();
        await().until(() -> client.health() == 200);
        await().until(() -> isTaken(client, next()));
        send(client, 20);

        database.start();
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> accepted.stream().allMatch(destination.at("ci")::hasCompleted));
      }
    }
  }

  private void send(Client client, int count) {
    for (int index = 0; index < count; index++) {
      assertThat(isTaken(client, next())).isTrue();
    }
  }

  private boolean isTaken(Client client, SignedPush push) {
    boolean isTaken = client.send(push).statusCode() == 202;
    if (isTaken) {
      accepted.add(push.guid().toString());
    }
    return isTaken;
  }

  private static long number(PostgresServer database, String sql) throws SQLException {
    try (Connection connection = database.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> inOrder(PostgresServer database, int repository) throws SQLException {
    try (Connection connection = database.connect("caravan");
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT guid FROM caravan.delivery WHERE repository = ? ORDER BY position")) {
      select.setString(1, "acme/repository-" + repository);
      List<String> guids = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          guids.add(Guids.decode(row.getBytes(1)));
        }
      }
      return guids;
    }
  }

  private SignedPush next() {
    number++;
    return SignedPush.of(number % REPOSITORIES, number);
  }
}

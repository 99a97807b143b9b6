package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A standby that lacks the last commits becomes the primary, and the nodes live through it. */
class FailoverTest {

  private final Recorder recorder = new Recorder();
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @Test
  void whatIsTakenAfterAFailoverThatLostTheNewestRunsOnNodesThatLivedThroughIt() throws Exception {
    try (PostgresServer primary = PostgresServer.ownWithFsync();
        PostgresServer standby = primary.standby(primary.port())) {
      String url =
          "postgresql://caravan@127.0.0.1:%d,127.0.0.1:%d/caravan"
              .formatted(primary.port(), standby.port());
      String schema = primary.newSchema();
      try (PostgresDeliveryLog one = open(url, schema, "one");
          PostgresDeliveryLog two = open(url, schema, "two")) {
        one.subscribe(settings(), recorder);
        two.subscribe(settings(), recorder);
        awaitRun(append(30, one, two));
        await().until(() -> number(primary, NOT_SENT) == 0 && number(standby, NOT_REPLAYED) == 0);
        standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        await().until(() -> number(primary, "SELECT count(*) FROM pg_stat_replication") == 0);
        awaitRun(append(40, one, two)); // which the standby will never have
        Delivery lost = push("acme/lost");
        two.append(lost).join();
        awaitRun(List.of(lost.guid()));
        one.pause("ci"); // nor this

        CompletableFuture<Receipt> again;
        try (Connection connection = primary.connect("caravan");
            Statement statement = connection.createStatement()) {
          connection.setAutoCommit(false);
          statement.execute("SELECT FROM %s.cursor FOR UPDATE".formatted(schema));
          again = two.append(sentAgain(lost)); // a repeat, which waits for that lock
          await().until(() -> number(primary, WAITING) > 0);
          primary.stop();
        }
        standby.promote();
        List<String> after = append(60, one, two);

        awaitRun(after);
        again.join(); // and is none any more
        assertThat(number(standby, "SELECT count(*) FROM %s.delivery".formatted(schema)))
            .isEqualTo(91);
        assertThat(number(standby, "SELECT sum(repeats) FROM %s.delivery".formatted(schema)))
            .isZero();
        await().until(() -> Collections.frequency(recorder.guids, lost.guid()) == 2);
        assertThat(Kept.delivery(one.history(), after.get(59))).isPresent();
      }
    }
    executor.shutdownNow();
  }

  private static Delivery sentAgain(Delivery first) {
    return first.with(first.receivedAt().plusSeconds(60));
  }

  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM cursor%'";
  private static final String NOT_SENT =
      "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn < pg_current_wal_lsn()";
  private static final String NOT_REPLAYED =
      "SELECT CASE WHEN pg_last_wal_replay_lsn() = pg_last_wal_receive_lsn() THEN 0 ELSE 1 END";

  private static PostgresDeliveryLog open(String url, String schema, String node) {
    return PostgresDeliveryLog.open(
        new PostgresPlace(url, "", schema, node, Duration.ofSeconds(2)), TestLog.OPTIONS);
  }

  private SubscriptionSettings settings() {
    return TestLog.wanted("ci", "*", executor)
        .concurrency(8)
        .startFrom(StartFrom.BEGINNING)
        .retry(3, Duration.ofMillis(50))
        .settings();
  }

  private static List<String> append(int count, PostgresDeliveryLog... nodes) {
    List<String> guids = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = push("acme/" + index % 20);
      guids.add(delivery.guid());
      nodes[index % nodes.length].append(delivery).join();
    }
    return guids;
  }

  private void awaitRun(List<String> guids) {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(recorder.guids).containsAll(guids));
  }

  private static long number(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}

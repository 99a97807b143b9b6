package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A log of this minute: the server knows nothing of its tables, and autovacuum is yet to come. */
class WithoutStatisticsTest {
  private static final int COUNT = 600;

  private static final LogOptions OPTIONS =
      TestLog.options(Dedupe.GUID, new Retention(Duration.ofDays(7), Retention.SMALLEST_SIZE));

  private final PostgresServer server = PostgresServer.shared();
  private final String schema = server.newSchema();
  private final PostgresPlace place =
      new PostgresPlace(server.url(), "", schema, "node", Duration.ofSeconds(5));

  @Test
  void noTableOfDeliveriesIsReadFromItsBeginningToItsEnd() throws Exception {
    PostgresDeliveryLog.open(place, OPTIONS).close();
    database(
        """
        DO $$ DECLARE each regclass; BEGIN
          FOR each IN SELECT oid FROM pg_class
              WHERE relkind = 'r' AND relnamespace = '%s'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %%s SET (autovacuum_enabled = false)', each);
          END LOOP;
        END $$"""
            .formatted(schema));
    ExecutorService executor = Executors.newCachedThreadPool();
    try {
      use(executor);
    } finally {
      executor.shutdownNow();
    }
    assertThat(readOneByOne())
        .containsKeys("delivery", "due", "dead_letter", "attempt", "content", "replay_row")
        .allSatisfy((table, rows) -> assertThat(rows).as(table).isLessThan(COUNT));
  }

  private void use(ExecutorService executor) throws Exception {
    AtomicInteger runs = new AtomicInteger();
    try (PostgresDeliveryLog log = PostgresDeliveryLog.open(place, OPTIONS)) {
      log.subscribe(
          TestLog.wanted("ci", "*", executor).retry(1, Duration.ZERO).settings(),
          attempt -> {
            if (runs.incrementAndGet() % 3 == 0) {
              attempt.failed(new IllegalStateException("down"));
            } else {
              attempt.succeeded();
            }
          });
      List<CompletableFuture<?>> receipts = new ArrayList<>();
      for (int index = 0; index < COUNT; index++) {
        receipts.add(log.append(push("acme/" + index % 10)));
      }
      receipts.forEach(CompletableFuture::join);
      await().until(() -> runs.get() == COUNT);
      log.replay(
              new ReplayRequest(DeliveryQuery.ALL, "ci", ReplayRequest.MOST_PER_SECOND, false),
              "a test's")
          .replay()
          .end()
          .join();
      await().until(() -> runs.get() == 2 * COUNT);
      for (DeliveryQuery query :
          List.of(
              DeliveryQuery.ALL.outcome(Outcome.COMPLETED, "ci"),
              DeliveryQuery.ALL.outcome(Outcome.DEAD_LETTER, null),
              DeliveryQuery.ALL.received(Instant.now().minusSeconds(60), Instant.now()),
              DeliveryQuery.ALL.about(Topic.parse("#77")),
              DeliveryQuery.ALL.containing("nothing of it"))) {
        log.history().count(query);
        log.history().list(query, 50);
      }
      assertThat(log.figures().subscriptions()).hasSize(1);
      log.subscribe(
          TestLog.wanted("later", "*", executor)
              .startFrom(StartFrom.parse(Instant.now().minusSeconds(1).toString()))
              .settings(),
          new Recorder());
      log.lookups().index();
      database(
          "UPDATE %s.head SET content_bytes = 1 << 30".formatted(schema)); // so all are too many
      log.lookups().sweep();
    }
    try (PostgresDeliveryLog log = PostgresDeliveryLog.open(place, OPTIONS)) {
      log.subscribe(TestLog.wanted("ci", "*", executor).settings(), new Recorder());
      assertThat(log.history().subscriptions()).hasSize(2);
    }
  }

  /** How many rows of each table were read by none of its indexes. */
  private Map<String, Long> readOneByOne() throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE schemaname = '"
                    + schema
                    + "'")) {
      Map<String, Long> read = new TreeMap<>();
      while (row.next()) {
        read.put(row.getString(1), row.getLong(2));
      }
      return read;
    }
  }

  private void database(String sql) throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

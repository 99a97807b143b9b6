package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.testing.PostgresServer;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log under running nodes becomes an older one, and what they accept afterwards runs. */
class RestoredLogTest {

  private final Recorder recorder = new Recorder();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Map<String, String> events = new ConcurrentHashMap<>();

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  @Test
  void whatIsTakenAfterADumpWasRestoredIntoANewDatabaseRuns() {
    PostgresServer server = PostgresServer.shared();
    String database = database(server);
    try (PostgresDeliveryLog one = open(server, database, "one");
        PostgresDeliveryLog two = open(server, database, "two")) {
      Path dump = runThenDumpThenRunMore(server, database, one, two);

      Future<?> load = load(one, two);
      server.execute(
          "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(database),
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(database),
          "ALTER DATABASE %1$s RENAME TO %1$s_broken".formatted(database));
      server.execute("CREATE DATABASE " + database);
      server.restore(dump, database);

      load.cancel(true);
      whatIsTakenNowRuns(one, two);
    } finally {
      server.execute("DROP DATABASE IF EXISTS " + database + "_broken WITH (FORCE)");
      server.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }
  }

  @Test
  void whatIsTakenAfterADumpWasRestoredIntoTheSameDatabaseRuns() {
    PostgresServer server = PostgresServer.shared();
    String database = database(server);
    try (PostgresDeliveryLog one = open(server, database, "one");
        PostgresDeliveryLog two = open(server, database, "two")) {
      Path dump = runThenDumpThenRunMore(server, database, one, two);

      Future<?> load = load(one, two);
      server.restore(dump, database, "--clean", "--if-exists");

      load.cancel(true);
      whatIsTakenNowRuns(one, two);
    } finally {
      server.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }
  }

  @Test
  void whatIsTakenAfterTheDataDirectoryWasRolledBackRuns() {
    try (PostgresServer server = PostgresServer.ownIn(Path.of("target"), "-c", "fsync=off");
        PostgresDeliveryLog one = open(server, "caravan", "one");
        PostgresDeliveryLog two = open(server, "caravan", "two")) {
      run(30, "push", one, two);
      server.stop();
      server.keepFiles();
      server.start();
      run(40, "star", one, two);

      server.stop();
      server.putFilesBack();
      server.start();

      whatIsTakenNowRuns(one, two);
    }
  }

  @Test
  void aLogWhoseTablesAreRewrittenIsNoOther() {
    PostgresServer server = PostgresServer.shared();
    String database = database(server);
    try (CapturedLog lines = new CapturedLog("dev.caravan.log");
        PostgresDeliveryLog one = open(server, database, "one");
        PostgresDeliveryLog two = open(server, database, "two")) {
      run(30, "push", one, two);

      server.executeIn(database, "VACUUM FULL head", "VACUUM FULL node", "VACUUM FULL cursor");

      run(30, "push", one, two);
      assertThat(lines.lines().toString()).doesNotContain("not as this node knew it");
    } finally {
      server.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }
  }

  @Test
  void aSubscriptionWhoseCursorIsBeyondTheEndOfTheLogContinuesAtTheEnd() {
    PostgresLogUnderTest engine = new PostgresLogUnderTest(TestLog.OPTIONS);
    try (TestLog log = new TestLog(engine)) {
      Subscription before = log.subscribe(settings(), recorder);
      log.append(TestLog.push("acme/rocket"));
      await().until(() -> recorder.guids.size() == 1);
      before.close();
      await().until(() -> engine.number("SELECT count(*) FROM cursor WHERE owner > 0") == 0);
      engine.execute("UPDATE cursor SET next = 1000");

      log.subscribe(settings(), recorder);
      log.append(TestLog.push("acme/rocket"));

      await().until(() -> recorder.guids.size() == 2);
    }
  }

  /**
   * The call that counts it loses its connection as the node finds that the log was rolled back,
   * and opens another at once. At its old position it would keep all others out of the log.
   */
  @Test
  void aRepeatThatIsBeingCountedAsItsFirstIsLostIsTakenAsNew() {
    PostgresLogUnderTest engine =
        new PostgresLogUnderTest(TestLog.OPTIONS, Duration.ofSeconds(2)); // of a lease
    try (TestLog log = new TestLog(engine)) {
      Delivery lost = TestLog.push("acme/rocket");
      String position = log.append(lost);
      log.append(sentAgain(lost)); // the connection of this call is kept for the next
      engine.execute(
          """
          CREATE SEQUENCE counts;
          CREATE FUNCTION stop_at_first() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF nextval('counts') = 1 THEN
              PERFORM pg_sleep(60);
            END IF;
            RETURN NULL;
          END $$;
          CREATE TRIGGER stop_at_first BEFORE UPDATE ON delivery EXECUTE FUNCTION stop_at_first()""");
      try {
        CompletableFuture<Receipt> again = log.log().append(sentAgain(lost));
        await().until(() -> engine.number("SELECT count(*)" + STOPPED) == 1);

        engine.execute(
            "UPDATE head SET next = %1$s; DELETE FROM delivery WHERE position = %1$s; DELETE FROM content WHERE position = %1$s"
                .formatted(position));

        again.join();
        Delivery next = TestLog.push("acme/rocket");
        log.append(next);
        assertThat(Kept.newest(log.history(), 10))
            .extracting(DeliverySummary::guid)
            .containsExactly(next.guid(), lost.guid());
      } finally {
        engine.execute("SELECT pg_terminate_backend(pid)" + STOPPED);
        engine.execute("DROP FUNCTION stop_at_first() CASCADE; DROP SEQUENCE counts");
      }
    }
  }

  private static final String STOPPED =
      " FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
          + " AND pid IN (SELECT pid FROM pg_locks WHERE relation = 'delivery'::regclass)";

  private static Delivery sentAgain(Delivery first) {
    return first.with(first.receivedAt().plusSeconds(60));
  }

  private Path runThenDumpThenRunMore(
      PostgresServer server, String database, PostgresDeliveryLog one, PostgresDeliveryLog two) {
    run(30, "push", one, two);
    Path dump = server.dump(database);
    run(40, "star", one, two);
    return dump;
  }

  /** All of it, under the name of its event: the numbers of events were given out again. */
  private void whatIsTakenNowRuns(PostgresDeliveryLog... nodes) {
    run(30, "fork", nodes);
    run(40, "star", nodes);
    List<DeliverySummary> kept = Kept.newest(nodes[0].history(), 10_000);
    assertThat(kept)
        .hasSizeGreaterThanOrEqualTo(100)
        .allSatisfy(each -> assertThat(each.event()).isEqualTo(events.get(each.guid())));
    assertThat(kept)
        .extracting(DeliverySummary::guid)
        .allSatisfy(guid -> assertThat(recorder.guids).contains(guid));
    assertThat(Kept.delivery(nodes[1].history(), kept.get(0).guid())).isPresent();
  }

  private static String database(PostgresServer server) {
    String name = server.newSchema();
    server.execute("CREATE DATABASE " + name);
    return name;
  }

  private PostgresDeliveryLog open(PostgresServer server, String database, String node) {
    String url = server.url().replaceFirst("caravan$", database);
    PostgresDeliveryLog log =
        PostgresDeliveryLog.open(
            new PostgresPlace(url, "", "caravan", node, Duration.ofSeconds(2)), TestLog.OPTIONS);
    log.subscribe(settings(), recorder);
    return log;
  }

  private SubscriptionSettings settings() {
    return TestLog.wanted("ci", "*", executor)
        .concurrency(8)
        .startFrom(StartFrom.BEGINNING)
        .retry(3, Duration.ofMillis(50))
        .settings();
  }

  private void run(int count, String event, PostgresDeliveryLog... nodes) {
    List<String> guids = new ArrayList<>();
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = delivery(event, index);
      guids.add(delivery.guid());
      answers.add(nodes[index % nodes.length].append(delivery));
    }
    answers.forEach(CompletableFuture::join);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(recorder.guids).containsAll(guids));
  }

  /** Sends until it is cancelled; no matter what is answered. */
  private Future<?> load(PostgresDeliveryLog... nodes) {
    return executor.submit(
        () -> {
          for (int index = 0; !Thread.interrupted(); index++) {
            var unused =
                nodes[index % nodes.length].append(
                    delivery(index % 3 == 0 ? "release" : "fork", index));
            LockSupport.parkNanos(2_000_000);
          }
        });
  }

  private Delivery delivery(String event, int index) {
    String guid = UUID.randomUUID().toString();
    events.put(guid, event);
    return TestLog.delivery(guid, event, null, "acme/" + index % 20, "{\"ref\":\"main\"}");
  }
}

package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.testing.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The role's password is changed while a node runs, and its sessions end. */
class ChangedPasswordTest {
  private final Recorder recorder = new Recorder();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<String> sent = new ArrayList<>();
  private PostgresServer server;
  private PostgresDeliveryLog log;

  @BeforeEach
  void start() {
    server = PostgresServer.ownWithFsync("-c", "fsync=off");
    server.execute(
        "CREATE ROLE changing LOGIN PASSWORD 'one'",
        "GRANT CREATE ON DATABASE caravan TO changing",
        """
        DO $$ BEGIN
          EXECUTE format('COPY (VALUES (%L), (%L)) TO %L',
            'host all changing 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust',
            current_setting('hba_file'));
        END $$""",
        "SELECT pg_reload_conf()");
    log =
        PostgresDeliveryLog.open(
            new PostgresPlace(
                server.url().replace("caravan@", "changing@"),
                "one",
                server.newSchema(),
                "node",
                Duration.ofSeconds(2)),
            TestLog.OPTIONS);
    log.subscribe(
        TestLog.wanted("ci", "*", executor)
            .concurrency(8)
            .startFrom(StartFrom.BEGINNING)
            .retry(3, Duration.ofMillis(50))
            .settings(),
        recorder);
  }

  @AfterEach
  void stop() {
    log.close();
    server.close();
    executor.shutdownNow();
  }

  @Test
  void whatComesMeanwhileWaitsAndIsTakenWhenItIsSetBack() {
    append(5).forEach(CompletableFuture::join);
    password("two");
    List<CompletableFuture<Receipt>> waiting = append(20);
    long before = log.figures().failedFlushes();
    await().until(() -> log.figures().failedFlushes() > before + 3);
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    password("one");

    waiting.forEach(each -> assertThat(each.orTimeout(8, TimeUnit.SECONDS).join()).isNotNull());
    awaitAllRun();
  }

  @Test
  @Tag("long")
  void whileItIsWrongTheNodeIsNotReadyAndSaysWhyAndThenGoesOn() {
    append(5).forEach(CompletableFuture::join);
    password("two");
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> log.trouble().contains("password authentication failed"));
    password("one");

    await().atMost(Duration.ofSeconds(15)).until(() -> log.trouble().isEmpty());
    append(20).forEach(CompletableFuture::join);
    awaitAllRun();
  }

  private void password(String now) {
    server.execute(
        "ALTER ROLE changing PASSWORD '" + now + "'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'changing'");
  }

  private List<CompletableFuture<Receipt>> append(int count) {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = push("acme/" + index);
      sent.add(delivery.guid());
      receipts.add(log.append(delivery));
    }
    return receipts;
  }

  private void awaitAllRun() {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(recorder.guids).containsAll(sent));
  }
}

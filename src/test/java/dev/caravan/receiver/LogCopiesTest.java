package dev.caravan.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.LogEngine;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.TestLog;
import dev.caravan.log.copy.Copied;
import dev.caravan.log.copy.CopyProgress;
import dev.caravan.log.copy.LogCopies;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.SubscriptionOutcome.State;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.sqlite.directory.UnfinishedCopy;
import dev.caravan.log.sqlite.offline.Backup;
import dev.caravan.log.sqlite.offline.Restore;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is copied into a database, and back, is the same log. */
class LogCopiesTest {
  private static final CopyProgress SILENT = (what, done, all) -> {};

  @TempDir Path directory;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private PostgresServer server;
  private Settings settings;

  @BeforeEach
  void aSchemaOfItsOwn() {
    server = PostgresServer.shared();
    settings =
        new SettingSources(Map.of())
            .read(
                null,
                Map.of("caravan.log", server.url(), "caravan.log.schema", server.newSchema()));
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private Copied copy(String from, String to) {
    return LogCopies.copy(LogEngines.place(settings, from), LogEngines.place(settings, to), SILENT);
  }

  @Test
  void aLogIsTheSameInADatabaseAndBackInADirectory() throws SQLException {
    Path data = directory.resolve("data");
    List<String> listed;
    try (LogEngine log = SqliteDeliveryLog.open(data, TestLog.OPTIONS)) {
      fill(log);
      listed = listed(log);
    }

    Copied there = copy(data.toString(), server.url());
    Copied again = copy(data.toString(), server.url());

    assertThat(there).isEqualTo(new Copied(61, 61, 0, 0)).isEqualTo(again);
    assertThat(rowsKnownToTheServer("delivery")).isEqualTo(61);
    List<String> ran = new CopyOnWriteArrayList<>();
    try (LogEngine log = LogEngines.open(settings, data)) {
      assertThat(listed(log)).isEqualTo(listed);
      subscribe(
          log,
          attempt -> {
            ran.add(attempt.delivery().guid());
            attempt.succeeded();
          });
      await().untilAsserted(() -> assertThat(ran).containsExactly("held", "after"));
      await().until(() -> log.history().subscriptions().get(0).lag() == 0);
      log.append(TestLog.delivery("in-the-database", "push", null, "acme/moon", "{}")).join();
      await().until(() -> ran.contains("in-the-database"));
      await().until(() -> log.history().subscriptions().get(0).lag() == 0);
      listed = listed(log);
    }

    Path back = directory.resolve("back");
    assertThat(copy(server.url(), back.toString()).damaged()).isZero();
    ran.clear();
    try (LogEngine log = SqliteDeliveryLog.open(back, TestLog.OPTIONS)) {
      assertThat(listed(log)).isEqualTo(listed);
      subscribe(log, attempt -> ran.add(attempt.delivery().guid()));
      log.append(TestLog.delivery("last", "push", null, "acme/moon", "{}")).join();
      await().untilAsserted(() -> assertThat(ran).containsExactly("last"));
    }
  }

  /** As its statistics say, by which it plans. */
  private long rowsKnownToTheServer(String table) throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT reltuples FROM pg_class WHERE oid = '%s.%s'::regclass"
                    .formatted(settings.text("caravan.log.schema"), table))) {
      row.next();
      return row.getLong(1);
    }
  }

  /** As an old version wrote them. */
  @Test
  void aNameWithANulIsCopiedWithAnotherSignInItsPlace() {
    Path data = directory.resolve("data");
    try (LogEngine log = SqliteDeliveryLog.open(data, TestLog.OPTIONS)) {
      Delivery plain = TestLog.push("acme/rocket");
      log.append(
              new Delivery(
                  plain.guid(),
                  plain.event(),
                  new Delivery.Subject(null, "acme/rocket", null, null, "a\0da", null),
                  plain.receivedAt(),
                  plain.headers(),
                  plain.encoding(),
                  plain.body()))
          .join();
      assertThat(log.history().list(DeliveryQuery.ALL, 1).deliveries().get(0).sender())
          .isEqualTo("a\0da");
    }

    copy(data.toString(), server.url());

    try (LogEngine log = LogEngines.open(settings, data)) {
      assertThat(log.history().list(DeliveryQuery.ALL, 1).deliveries().get(0).sender())
          .isEqualTo("a\ufffdda");
    }
  }

  @Test
  void aLogIsNotCopiedOverAnother() {
    Path data = directory.resolve("data");
    Path other = directory.resolve("other");
    for (Path each : List.of(data, other)) {
      try (LogEngine log = SqliteDeliveryLog.open(each, TestLog.OPTIONS)) {
        log.append(TestLog.push("acme/rocket")).join();
      }
    }
    copy(data.toString(), server.url());

    assertThatThrownBy(() -> copy(other.toString(), server.url()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holds deliveries that are not of " + other);
  }

  @Test
  void aCopyThatWasKilledInTheMiddleGoesOnAndNobodyUsesHalfOfIt() {
    Path data = directory.resolve("data");
    try (LogEngine log = SqliteDeliveryLog.open(data, TestLog.OPTIONS)) {
      append(2500, log);
    }
    Path back = directory.resolve("back");
    killInTheMiddle(data.toString(), server.url());
    assertThatThrownBy(() -> LogEngines.open(settings, data))
        .hasMessageContaining("holds a part of a log");
    assertThatThrownBy(() -> copy(server.url(), back.toString()))
        .hasMessageContaining("holds a part of a log");

    assertThat(copy(data.toString(), server.url())).isEqualTo(new Copied(2500, 2500, 0, 0));
    try (LogEngine log = LogEngines.open(settings, data)) {
      assertThat(log.history().list(DeliveryQuery.ALL, 1).deliveries()).hasSize(1);
    }

    killInTheMiddle(server.url(), back.toString());
    assertThatThrownBy(() -> SqliteDeliveryLog.open(back, TestLog.OPTIONS))
        .hasMessageContaining("holds a part of a log");
    assertThatThrownBy(() -> copy(back.toString(), directory.resolve("other").toString()))
        .hasMessageContaining("holds a part of a log");
    Path backup = directory.resolve("backup.db");
    assertThatThrownBy(() -> new Backup(backup).copy(back, 1L << 40, bytes -> {}))
        .hasMessageContaining("holds a part of a log");
    assertThat(directory).isDirectoryNotContaining("glob:**backup.db*");
    assertThat(copy(server.url(), back.toString())).isEqualTo(new Copied(2500, 2500, 0, 0));
    SqliteDeliveryLog.open(back, TestLog.OPTIONS).close();
  }

  /** Whoever must receive meanwhile starts the old one again. */
  @Test
  void aCopyGoesOnWithWhatALogThatWasUsedMeanwhileSays() {
    Path data = directory.resolve("data");
    Set<String> failing = ConcurrentHashMap.newKeySet();
    DeliveryHandler handler =
        attempt -> {
          if (failing.contains(attempt.delivery().guid())) {
            attempt.failed(new IllegalStateException("down"));
          } else {
            attempt.succeeded();
          }
        };
    failing.addAll(List.of("early", "late"));
    try (LogEngine log = SqliteDeliveryLog.open(data, TestLog.OPTIONS)) {
      subscribeToRetryLater(log, handler);
      append(1000, log);
      for (String guid : List.of("early", "middle", "late")) {
        log.append(TestLog.delivery(guid, "push", null, "acme/" + guid, "{}")).join();
      }
      await().until(() -> due(log) == 2 && log.history().subscriptions().get(0).lag() == 0);
    }
    killAt("attempt", data.toString(), server.url());
    failing.clear();
    failing.addAll(List.of("middle", "late"));
    try (LogEngine log = SqliteDeliveryLog.open(data, TestLog.OPTIONS)) {
      subscribeToRetryLater(log, handler);
      log.retryNow("ci");
      log.replay(
          new ReplayRequest(DeliveryQuery.ALL.withGuid("middle"), "ci", 1000, false), "middle");
      await().until(() -> Kept.attempts(log.history(), "late").size() == 2);
      await().until(() -> due(log) == 2 && Kept.attempts(log.history(), "middle").size() == 2);
      log.pause("ci");
    }

    copy(data.toString(), server.url());

    failing.clear();
    List<String> ran = new CopyOnWriteArrayList<>();
    try (LogEngine log = LogEngines.open(settings, data)) {
      subscribe(
          log,
          attempt -> {
            ran.add(attempt.delivery().guid());
            attempt.succeeded();
          });
      assertThat(log.history().subscriptions().get(0).paused()).isTrue();
      log.resume("ci");
      log.retryNow("ci");
      await().untilAsserted(() -> assertThat(ran).containsExactlyInAnyOrder("middle", "late"));
      assertThat(Kept.attempts(log.history(), "early")).hasSize(2);
    }
  }

  private static long due(LogEngine log) {
    return log.history().subscriptions().get(0).due();
  }

  private void subscribeToRetryLater(LogEngine log, DeliveryHandler handler) {
    log.subscribe(
        TestLog.wanted("ci", "*", executor).retry(9, Duration.ofHours(1)).settings(), handler);
  }

  @Test
  void aLogThatANodeBeganToUseWhileItWasCopiedIsNotCopied() {
    try (LogEngine log = LogEngines.open(settings, directory)) {
      append(1000, log);
    }
    List<LogEngine> begun = new ArrayList<>();
    CopyProgress starting =
        (what, done, all) -> {
          if (begun.isEmpty()) {
            begun.add(LogEngines.open(settings, directory));
          }
        };
    Path back = directory.resolve("back");

    assertThatThrownBy(
            () ->
                LogCopies.copy(
                    LogEngines.place(settings, server.url()),
                    LogEngines.place(settings, back.toString()),
                    starting))
        .hasMessageContaining("is in use by node ");
    begun.forEach(LogEngine::close);
    assertThatThrownBy(() -> SqliteDeliveryLog.open(back, TestLog.OPTIONS))
        .hasMessageContaining("holds a part of a log");
    server.executeIn(
        "caravan",
        "INSERT INTO %s.replay (what, request, started_at, state, ends) VALUES ('all', '{}', 0, 'RUNNING', 1)"
            .formatted(settings.text("caravan.log.schema")));
    assertThat(copy(server.url(), back.toString())).isEqualTo(new Copied(1000, 1000, 0, 1));
    SqliteDeliveryLog.open(back, TestLog.OPTIONS).close();
  }

  @Test
  void aLogIsRestoredWhereHalfOfAnotherWas() throws IOException {
    Path whole = directory.resolve("whole");
    try (LogEngine log = SqliteDeliveryLog.open(whole, TestLog.OPTIONS)) {
      log.append(TestLog.push("acme/rocket")).join();
    }
    Path backup = directory.resolve("backup.db");
    new Backup(backup).copy(whole, 1L << 40, bytes -> {});
    Path data = Files.createDirectory(directory.resolve("data"));
    new UnfinishedCopy(data).begins();

    new Restore(data, line -> {}, (what, done, all) -> {}).from(backup);

    SqliteDeliveryLog.open(data, TestLog.OPTIONS).close();
  }

  private void killInTheMiddle(String from, String to) {
    killAt("content", from, to);
  }

  private void killAt(String table, String from, String to) {
    CopyProgress killed =
        (what, done, all) -> {
          if (what.equals(table)) {
            throw new IllegalStateException("killed");
          }
        };
    assertThatThrownBy(
            () ->
                LogCopies.copy(
                    LogEngines.place(settings, from), LogEngines.place(settings, to), killed))
        .hasMessage("killed");
  }

  @Test
  void aLogIsNotCopiedToWhereSubscriptionsOfAnotherAre() {
    Path data = directory.resolve("data");
    SqliteDeliveryLog.open(data, TestLog.OPTIONS).close();
    try (LogEngine log = LogEngines.open(settings, data)) {
      subscribe(log, attempt -> {});
    }

    assertThatThrownBy(() -> copy(data.toString(), server.url()))
        .hasMessageContaining("holds subscriptions that are not of " + data);
  }

  @Test
  void aLogThatANodeUsesIsNotCopied() {
    try (LogEngine log = LogEngines.open(settings, directory)) {
      assertThat(log.nodes()).hasSize(1);
      assertThatThrownBy(() -> copy(server.url(), directory.resolve("back").toString()))
          .hasMessageContaining("is in use by node ");
    }
  }

  private static void append(int count, LogEngine log) {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      receipts.add(log.append(TestLog.push("acme/rocket-" + index % 20)));
    }
    receipts.forEach(CompletableFuture::join);
  }

  /** Two have yet to run at the end: one that fails at its stop, and one behind it. */
  private void fill(LogEngine log) {
    subscribe(
        log,
        attempt -> {
          switch (attempt.delivery().guid()) {
            case "dead" -> attempt.failedForGood(new IllegalStateException("no such branch"));
            case "held" -> {} // until the program ends
            default -> attempt.succeeded();
          }
        });
    for (int index = 0; index < 58; index++) {
      log.append(TestLog.delivery("d" + index, "push", null, "acme/rocket-" + index % 20, "{}"))
          .join();
    }
    for (String guid : List.of("dead", "held", "after")) {
      log.append(TestLog.delivery(guid, "push", null, "acme/rocket-3", "{\"a\":1}")).join();
    }
    await()
        .until(
            () ->
                log.history().subscriptions().get(0).deadLetters() == 1
                    && log.history().subscriptions().get(0).lag() == 2);
  }

  private void subscribe(LogEngine log, DeliveryHandler handler) {
    log.subscribe(TestLog.wanted("ci", "*", executor).settings(), handler);
  }

  /** What is listed, with what became of it; what waits is not told from what nobody asks for. */
  private static List<String> listed(LogEngine log) {
    return log.history().list(DeliveryQuery.ALL, 100).deliveries().stream()
        .map(
            each ->
                each.position()
                    + each.guid()
                    + each.repository()
                    + each.receivedAt()
                    + each.outcomes().stream()
                        .filter(outcome -> outcome.state() != State.WAITING)
                        .toList())
        .toList();
  }
}

package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Kept;
import dev.caravan.log.Receipt;
import dev.caravan.log.Retention;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.commit.Transactions;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.LogReaders;
import dev.caravan.log.sqlite.retention.Sweeper;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in one of the log's threads, or in one part of a transaction, ends only that. */
class FailuresTest {
  @TempDir Path data;
  private LogFixture fixture;

  @BeforeEach
  void open() {
    fixture = new LogFixture(data);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no such thing", "constraint", "memory"})
  void aPartOfATransactionThatFailsDoesNotFailTheOthers(String kind) throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    CompletableFuture<Void> holder = write(writer -> hold.await());
    await().until(() -> fixture.log().committer().longestWait() > 0);
    List<CompletableFuture<Receipt>> appends = new ArrayList<>();
    appends.add(fixture.log().append(push("acme/rocket")));
    CompletableFuture<Void> failing =
        write(
            writer -> {
              switch (kind) {
                case "constraint" -> {
                  writer.addDictionary(7, new byte[1], 0);
                  writer.addDictionary(7, new byte[1], 0);
                }
                case "memory" -> throw new OutOfMemoryError("none left for this");
                default -> throw new IllegalStateException(kind);
              }
            });
    appends.add(fixture.log().append(push("acme/rocket")));
    awaitQueued(failing);
    hold.countDown();

    CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new))
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
    holder.join();
    assertThat(failing).failsWithin(Duration.ofSeconds(20));
    assertThat(fixture.log().trouble()).isEmpty();
    fixture.restart();
    assertThat(Kept.newest(fixture.history(), 10)).hasSize(2);
  }

  /** Else the file is opened anew for whatever comes. */
  @Test
  void aSubscriptionWhoseOutcomesCannotBeWrittenDoesNotMakeEachTransactionBeginTwice()
      throws SQLException {
    fixture.subscribe(fixture.wanted("ci", "*").settings(), attempt -> attempt.succeeded());
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        Statement statement = file.createStatement()) {
      statement.execute(
          "CREATE TRIGGER never BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'never'); END");
    }
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      fixture.append(push("acme/rocket"));
      await().until(() -> lines.lines().stream().anyMatch(line -> line.contains("is left out")));
    }
    Set<Transaction> writers = new HashSet<>();

    for (int round = 0; round < 50; round++) {
      fixture.log().committer().run(writer -> writers.add(writer));
    }

    assertThat(writers).hasSizeLessThan(5);
    fixture.append(push("acme/rocket"));
  }

  @Test
  void whatIsHandedInAfterTheLogHasClosedFails() {
    Transactions transactions = fixture.log().committer();
    fixture.log().close();

    CompletableFuture<String> write =
        CompletableFuture.supplyAsync(() -> transactions.run(writer -> "written"));

    assertThat(write)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("closed");
  }

  @Test
  void aLongSearchDoesNotKeepTheFilesFromBeingOpenedAnew() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    fixture.append(push("acme/rocket"));
    try (LogReaders readers =
        new LogReaders(
            new Database(data.resolve("log.db")),
            new EventTypes(),
            new Dictionaries(),
            failure -> {})) {
      CompletableFuture<Object> search =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return readers.read(
                      reader -> {
                        while (reader.guidAt(1) != null) { // for ever
                          begun.countDown();
                        }
                        return "read";
                      });
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      begun.await();

      assertThat(CompletableFuture.runAsync(() -> suspend(readers)))
          .succeedsWithin(Duration.ofSeconds(15));
      assertThat(search).failsWithin(Duration.ofSeconds(10));
      readers.resume();
      String found = readers.read(reader -> reader.guidAt(1));
      assertThat(found).isNotNull();
    }
  }

  private static void suspend(LogReaders readers) {
    try {
      readers.suspend();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anErrorWhileAFailureIsDealtWithDoesNotEndTheCommitter() throws IOException {
    fixture.append(push("acme/rocket"));
    Path kept = Files.move(data.resolve("log.db"), data.resolve("kept"));
    AtomicBoolean thrown = new AtomicBoolean();
    CapturedLog lines = throwingAt("cannot be written", thrown);
    try (lines) {
      await().untilTrue(thrown);
      assertThat(fixture.log().append(push("acme/rocket"))).failsWithin(Duration.ofSeconds(20));
      assertThat(fixture.log().trouble()).isNotEmpty();
    }
    Files.move(kept, data.resolve("log.db"));

    await().until(() -> fixture.log().trouble().isEmpty());
    fixture.append(push("acme/rocket"));
  }

  @Test
  void anErrorInASweepDoesNotEndRetention() {
    String guid = append();
    AtomicBoolean thrown = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (thrown.compareAndSet(false, true)) {
            throw new OutOfMemoryError("of the test");
          }
          return Instant.now().plus(Duration.ofHours(2));
        };
    Retention retention = new Retention(Retention.SHORTEST_AGE, Retention.SMALLEST_SIZE);
    try (Sweeper sweeper = fixture.log().sweeper(retention, clock, Instant.now())) {
      sweeper.start(Duration.ofMillis(10));

      await().until(() -> Kept.delivery(fixture.history(), guid).isEmpty());
      assertThat(thrown).isTrue();
    }
  }

  private String append() {
    var delivery = push("acme/rocket");
    fixture.append(delivery);
    return delivery.guid();
  }

  /** Something for the committer to do, on a thread of its own, since that waits for it. */
  private CompletableFuture<Void> write(Step step) {
    return CompletableFuture.runAsync(
        () ->
            fixture
                .log()
                .committer()
                .run(
                    writer -> {
                      try {
                        step.run(writer);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return true;
                    }));
  }

  /** Long enough for a thread to have handed it in: it is behind the one that holds all up. */
  private static void awaitQueued(CompletableFuture<Void> work) {
    await().pollDelay(Duration.ofMillis(50)).until(() -> !work.isDone());
  }

  private interface Step {
    void run(Transaction writer) throws java.sql.SQLException, InterruptedException;
  }

  /** Throws an Error, once, when a line with that text is logged. */
  private static CapturedLog throwingAt(String text, AtomicBoolean thrown) {
    return new CapturedLog(
        "dev.caravan.log",
        message -> {
          if (message.contains(text) && thrown.compareAndSet(false, true)) {
            throw new OutOfMemoryError("of the test");
          }
        });
  }
}

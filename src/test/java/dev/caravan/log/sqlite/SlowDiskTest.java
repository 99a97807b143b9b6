package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Receipt;
import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says while a write takes long: here another connection holds the file's lock. */
class SlowDiskTest {
  @TempDir Path data;
  private LogFixture fixture;
  private Connection holder;

  @BeforeEach
  void open() throws SQLException {
    fixture = new LogFixture(data);
    holder = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
  }

  @AfterEach
  void close() throws SQLException {
    holder.close();
    fixture.close();
  }

  @Test
  void theLogSaysHowLongTheOldestAppendHasWaited() throws SQLException {
    fixture.append(push("acme/rocket"));
    await().until(() -> longestWait().isZero());
    hold();

    CompletableFuture<Receipt> oldest = fixture.log().append(push("acme/rocket"));
    await().until(() -> longestWait().compareTo(Duration.ofMillis(100)) > 0);
    CompletableFuture<Receipt> later = fixture.log().append(push("acme/rocket"));

    assertThat(longestWait()).isGreaterThan(Duration.ofMillis(100));
    letGo();
    CompletableFuture.allOf(oldest, later).orTimeout(20, TimeUnit.SECONDS).join();
    await().until(() -> longestWait().isZero());
  }

  @Test
  void aLongWriteTakesTheLogDownUntilItEnds() throws SQLException {
    fixture.append(push("acme/rocket"));
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      hold();
      CompletableFuture<Receipt> append = fixture.log().append(push("acme/rocket"));

      await().until(() -> fixture.log().trouble().contains("has not completed a write for 3 s"));
      assertThat(fixture.log().figures().isWritable()).isFalse();
      assertThat(fixture.log().figures().slowWrites()).isEqualTo(1);
      letGo();
      append.orTimeout(20, TimeUnit.SECONDS).join();
      await().until(() -> fixture.log().trouble().isEmpty());
      assertThat(lines.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .singleElement()
          .asString()
          .contains("waits for the disk")
          .contains("503");
    }
  }

  @Test
  void theLogGivesNoSignOfLifeWhileAWriteHangs() throws SQLException {
    fixture.log().heartbeat().orTimeout(20, TimeUnit.SECONDS).join();
    hold();
    CompletableFuture<Receipt> append = fixture.log().append(push("acme/rocket"));

    CompletableFuture<Void> heartbeat = fixture.log().heartbeat();

    await().until(() -> longestWait().compareTo(Duration.ofMillis(300)) > 0);
    assertThat(heartbeat).isNotDone();
    letGo();
    CompletableFuture.allOf(append, heartbeat).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private Duration longestWait() {
    return Duration.ofNanos(fixture.log().committer().longestWait());
  }

  private void hold() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  private void letGo() throws SQLException {
    execute("ROLLBACK");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = holder.createStatement()) {
      statement.execute(sql);
    }
  }
}

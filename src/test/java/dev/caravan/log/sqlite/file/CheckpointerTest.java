package dev.caravan.log.sqlite.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.pages.FellBehindException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
  private static final Checkpointer.Limits SMALL = new Checkpointer.Limits(256 << 10, 2 << 20);
  private static final long EACH_BYTES = 64 << 10;

  @TempDir Path directory;
  private Database database;
  private Connection writer;
  private Checkpointer checkpointer;

  @BeforeEach
  void open() throws SQLException {
    database = new Database(directory.resolve("log.db"));
    new MissingLog(database).make();
    writer = database.openWriter();
    checkpointer = new Checkpointer(database, SMALL, () -> {});
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    checkpointer.close();
  }

  @Test
  void whatIsCommittedIsMovedWithoutTheCommitter() throws SQLException {
    commitMany(24); // and the file is not so large yet that it begins anew, with nothing moved

    Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> bytesMoved() > 0);
  }

  @Test
  void theFileStaysBoundedHoweverMuchIsWritten() throws Exception {
    for (int megabyte = 0; megabyte < 60; megabyte++) {
      commitMany(16);
    }

    assertThat(writeAheadBytes()).isLessThan(30 << 20);
  }

  @Test
  @Timeout(8) // less than a writer waits for a reader
  void aReaderOfWhatIsOldHoldsNoCommitUp() throws SQLException {
    Connection reader = reading();

    commitMany(200);

    assertThat(bytesInside()).isGreaterThan(SMALL.tooLarge());
    reader.close();
  }

  @Test
  void aFollowerThatCannotPassOnWhatItReadHoldsNoCommitUp() throws Exception {
    CountDownLatch stalls = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    try (HeldFile file = new HeldFile(database.file());
        WriteAheadFollower follower = WriteAheadFollower.begin(database, checkpointer, file)) {
      commitMany(1);
      CompletableFuture<Void> following =
          run(
              () ->
                  follower.changes(
                      (number, content) -> {
                        stalls.countDown();
                        await(goesOn);
                      }));
      await(stalls);

      CompletableFuture<Void> commits = run(() -> commitMany(200));

      try {
        assertThat(commits).succeedsWithin(Duration.ofSeconds(20));
        assertThat(following).isNotDone();
      } finally {
        goesOn.countDown();
        commits.join();
      }
      following.join();
      assertThatThrownBy(() -> follower.changes((number, content) -> {}))
          .isInstanceOf(FellBehindException.class);
      assertThat(writeAheadBytes()).isLessThan(30 << 20);
    }
  }

  private static CompletableFuture<Void> run(Work work) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            work.run();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private static void await(CountDownLatch latch) {
    Awaitility.await().forever().until(() -> latch.getCount() == 0);
  }

  private void commitMany(int count) throws SQLException {
    for (int number = 0; number < count; number++) {
      try (Statement statement = writer.createStatement()) {
        statement.execute(
            "INSERT INTO dictionary (created_at, bytes) VALUES (0, randomblob("
                + EACH_BYTES
                + "))");
      }
      writer.commit();
      checkpointer.committed();
    }
  }

  /** A connection in the midst of reading, which needs the file as it is now. */
  private Connection reading() throws SQLException {
    commitMany(1);
    Connection reader = database.openReader();
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM dictionary")) {
      assertThat(row.getInt(1)).isPositive();
    }
    return reader;
  }

  /** What is in the write-ahead file now, which may be less than its length. */
  private long bytesInside() throws SQLException {
    return content(2);
  }

  /** The part of that which is in its place. */
  private long bytesMoved() throws SQLException {
    return content(3);
  }

  private long content(int column) throws SQLException {
    try (Connection reader = database.openReader();
        Statement statement = reader.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      return row.getLong(column) * Database.PAGE_BYTES;
    }
  }

  private long writeAheadBytes() throws IOException {
    return Files.size(directory.resolve("log.db-wal"));
  }
}

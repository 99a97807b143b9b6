package dev.caravan.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what is committed from the write-ahead file to its place, on a thread of its own so that no
 * commit waits for it.
 */
final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** From here on it is worth the work. */
  private static final long WORTH_BYTES = 8L << 20;

  /** From here on a commit has to wait, since under load the file is never without a writer. */
  private static final long TOO_LARGE_BYTES = 128L << 20;

  private final Connection connection;
  private final Path writeAheadFile;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-checkpointer"));
  private final AtomicBoolean busy = new AtomicBoolean();

  Checkpointer(Database database) throws SQLException {
    this.connection = database.openReader();
    this.writeAheadFile = database.writeAheadFile();
  }

  /** Called by the committer after each commit, outside a transaction. */
  void committed() {
    long size = size();
    if (size > TOO_LARGE_BYTES) {
      checkpoint("TRUNCATE");
    } else if (size > WORTH_BYTES && busy.compareAndSet(false, true)) {
      thread.execute(
          () -> {
            checkpoint("PASSIVE");
            busy.set(false);
          });
    }
  }

  @Override
  public void close() throws SQLException {
    thread.shutdown();
    checkpoint("TRUNCATE");
    connection.close();
  }

  private synchronized void checkpoint(String mode) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(" + mode + ")");
    } catch (SQLException e) {
      // Nothing is lost: it all stays in the write-ahead file, and the next commit tries again.
      LOG.warn("The delivery log's write-ahead file cannot be emptied: {}", ErrorSentence.of(e));
    }
  }

  private long size() {
    try {
      return Files.exists(writeAheadFile) ? Files.size(writeAheadFile) : 0;
    } catch (IOException e) {
      return 0; // the next commit looks again; the committer must not end because of this
    }
  }
}

package dev.caravan.log.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
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
 *
 * <p>How large the file is says nothing: SQLite begins again at its start and leaves it as long as
 * it was. So SQLite is asked how much there is in it.
 */
final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** A look costs a hand-over between threads and a statement. */
  private static final int COMMITS_BETWEEN_LOOKS = 16;

  private static final Limits USUAL = new Limits(32 << 20, 128 << 20);

  private final Connection connection;
  private final Limits limits;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-checkpointer"));
  private final AtomicBoolean looking = new AtomicBoolean();
  private int commits;
  private volatile boolean tooLarge;

  Checkpointer(Database database) throws SQLException {
    this(database, USUAL);
  }

  Checkpointer(Database database, Limits limits) throws SQLException {
    this.connection = database.openReader();
    this.limits = limits;
  }

  /**
   * When something is done.
   *
   * @param worth bytes to be moved that are worth the work
   * @param tooLarge bytes in the file from which on a commit has to wait, since under load it never
   *     is without a writer, and so would grow for ever
   */
  record Limits(long worth, long tooLarge) {}

  /** Called by the committer after each commit, outside a transaction. */
  void committed() {
    if (tooLarge) {
      tooLarge = false;
      // Now that nobody writes, all of it can be moved, and the next commit begins at the start of
      // the file. Unless someone reads what is in it: then at the next look, and nobody has waited.
      checkpoint("PASSIVE");
    } else if (++commits >= COMMITS_BETWEEN_LOOKS && looking.compareAndSet(false, true)) {
      commits = 0;
      thread.execute(this::look);
    }
  }

  private void look() {
    Content content = checkpoint("NOOP");
    if (content.unmoved() > limits.worth()) {
      content = checkpoint("PASSIVE");
    }
    tooLarge = content.bytes() > limits.tooLarge();
    looking.set(false);
  }

  @Override
  public void close() throws SQLException {
    thread.shutdown();
    checkpoint("TRUNCATE");
    connection.close();
  }

  /** What is in the file, and how much of that is in its place already, in bytes. */
  private record Content(long bytes, long moved) {
    long unmoved() {
      return bytes - moved;
    }
  }

  private synchronized Content checkpoint(String mode) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return new Content(
          row.getLong(2) * Database.PAGE_BYTES, row.getLong(3) * Database.PAGE_BYTES);
    } catch (SQLException e) {
      // Nothing is lost: it all stays in the write-ahead file, and a later look tries again.
      LOG.warn("The delivery log's write-ahead file cannot be emptied: {}", ErrorSentence.of(e));
      return new Content(0, 0);
    }
  }
}

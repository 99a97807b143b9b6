package dev.caravan.log.sqlite.file;

import dev.caravan.logging.ErrorSentence;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Moves committed data from the write-ahead file to its place, on a thread of its own; a commit
 * waits only when that file has become too large.
 *
 * <p>The file's length tells nothing: SQLite restarts at its beginning and leaves the file as long
 * as it was. So SQLite is asked how much is in it.
 */
public final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** A look costs a hand-over between threads and a statement. */
  private static final int COMMITS_BETWEEN_LOOKS = 4;

  private static final Content NOTHING = new Content(0, 0);

  /**
   * Little at a time, and often: a commit's flush waits while the system flushes what was moved.
   * With 32 MiB at once, one answer in fifty took twice as long.
   */
  public static final Limits USUAL = new Limits(4 << 20, 128 << 20);

  /** The lower byte of SQLite's code, which tells the kind of error. */
  private static final int ERROR = 0xFF;

  private final Database database;
  private final Limits limits;
  private final Runnable onFailure;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-checkpointer"));
  private final AtomicBoolean looking = new AtomicBoolean();
  private int commits;
  private Connection connection;
  private boolean closed;
  private volatile boolean tooLarge;
  private volatile @Nullable LogFileException failure;
  private final List<Follower> followers = new ArrayList<>();

  /**
   * @param onFailure called once there is a {@link #failure}
   */
  public Checkpointer(Database database, Limits limits, Runnable onFailure) throws SQLException {
    this.database = database;
    this.connection = database.openReader();
    this.limits = limits;
    this.onFailure = onFailure;
  }

  /**
   * When data is moved.
   *
   * @param worth how many bytes to move are worth the work
   * @param tooLarge how many bytes in the file make a commit wait: under load there is always a
   *     writer, and the file would grow for ever
   */
  public record Limits(long worth, long tooLarge) {}

  /** Called by the committer after each commit, outside a transaction. */
  public void committed() {
    if (tooLarge) {
      tooLarge = false;
      // Nobody writes now, so all of it can be moved, and the next commit begins at the start of
      // the file. If somebody is reading it, this returns at once, and the next look tries again.
      moveAll();
    } else if (++commits >= COMMITS_BETWEEN_LOOKS && looking.compareAndSet(false, true)) {
      commits = 0;
      thread.execute(this::look);
    }
  }

  /**
   * The I/O error after which no checkpoint is made until {@link #openConnection}, or null. See
   * {@code Reopening}.
   */
  @Nullable
  public LogFileException failure() {
    return failure;
  }

  /** Reads all of the write-ahead file before it restarts. Called with the checkpointer's lock. */
  interface Follower {
    /** Keeps the file from restarting until it lets go. */
    void hold();

    /**
     * Reads what is left and lets go.
     *
     * @param committed how many frames there are
     * @return false if it has not, because that would take too long
     */
    boolean letGo(int committed);

    /** It has fallen too far behind, and is no longer waited for. */
    void lose();
  }

  /** Reads the write-ahead file while it stays as it is. */
  @FunctionalInterface
  interface Reading {
    void run() throws IOException;
  }

  synchronized void follow(Follower follower) {
    followers.add(follower);
    follower.hold();
  }

  synchronized void unfollow(Follower follower) {
    followers.remove(follower);
  }

  synchronized void betweenCheckpoints(Reading reading) throws IOException {
    reading.run();
  }

  /** How many frames in the write-ahead file are committed. */
  int frames() {
    return (int) (checkpoint("NOOP").bytes() / Database.PAGE_BYTES);
  }

  /** Whether all committed frames are in their place already. */
  boolean isAllMoved() {
    return checkpoint("NOOP").unmoved() == 0;
  }

  private synchronized void moveAll() {
    List<Follower> letGo = new ArrayList<>();
    if (!followers.isEmpty()) {
      int committed = frames();
      boolean tooFarBehind = committed * (long) Database.PAGE_BYTES > 2 * limits.tooLarge();
      for (Follower follower : followers) {
        if (follower.letGo(committed)) {
          letGo.add(follower);
        } else if (tooFarBehind) {
          follower.lose();
        }
      }
    }
    checkpoint("PASSIVE");
    letGo.forEach(Follower::hold);
  }

  /** Closes its connection. Another one must be open that cannot write, and will be the last. */
  public synchronized void closeConnection() throws SQLException {
    followers.forEach(Follower::lose);
    connection.close();
  }

  /** Starts again, once a failure is repaired. */
  public synchronized void openConnection() throws SQLException {
    connection = database.openReader();
    failure = null;
  }

  /** Moves what is left, and closes. All other connections must be closed. */
  @Override
  public synchronized void close() throws SQLException {
    thread.shutdown();
    checkpoint("TRUNCATE");
    closed = true; // for a look that has begun and waits for us
    if (failure == null) {
      connection.close();
    } else {
      Connection last = database.openBystander();
      try {
        connection.close();
      } finally {
        last.close();
      }
    }
  }

  private void look() {
    try {
      Content content = checkpoint("NOOP");
      if (content.unmoved() > limits.worth()) {
        content = checkpoint("PASSIVE");
      }
      tooLarge = content.bytes() > limits.tooLarge();
    } finally {
      looking.set(false); // whatever happened, there must be a next look
    }
  }

  /** How much is in the file, and how much of that is in its place already, in bytes. */
  private record Content(long bytes, long moved) {
    long unmoved() {
      return bytes - moved;
    }
  }

  private synchronized Content checkpoint(String mode) {
    if (failure != null || closed) {
      return NOTHING;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return new Content(
          row.getLong(2) * Database.PAGE_BYTES, row.getLong(3) * Database.PAGE_BYTES);
    } catch (SQLException e) {
      if (isIoError(e)) {
        failure =
            new LogFileException(
                "what is committed could not be moved to its place (%s); all files are closed and reopened"
                    .formatted(ErrorSentence.of(e)),
                e);
        onFailure.run();
      } else {
        // Nothing is lost: all of it stays in the write-ahead file, and a later look tries again.
        LOG.warn("The delivery log's write-ahead file cannot be emptied: {}", ErrorSentence.of(e));
      }
      return NOTHING;
    }
  }

  private static boolean isIoError(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & ERROR) == SQLiteErrorCode.SQLITE_IOERR.code;
  }
}

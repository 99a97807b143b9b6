package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Runs short transactions for many threads, on a few connections. One that conflicted with another
 * is run again, as is one whose connection was gone before its commit began.
 */
public final class Sessions implements AutoCloseable {
  private static final int MOST = 3;
  private static final int MOST_TRIES = 10;

  private final Database database;
  private final Duration longest;
  private final Queue<Connection> free = new ConcurrentLinkedQueue<>();
  private final Semaphore permits = new Semaphore(MOST, true);
  private volatile boolean closed;

  /**
   * @param longest after this, a statement without an answer has failed
   */
  public Sessions(Database database, Duration longest) {
    this.database = database;
    this.longest = longest;
  }

  /** The body of a transaction; may be called again. */
  @FunctionalInterface
  public interface Body<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Runs it; returns when it is committed. */
  public <T> T run(Body<T> body) throws SQLException {
    permits.acquireUninterruptibly();
    try {
      for (int tries = 1; ; tries++) {
        try {
          return once(body);
        } catch (SQLException e) {
          if (tries >= MOST_TRIES || !(Failures.isConflict(e) || e instanceof NotBegun)) {
            throw e instanceof NotBegun && e.getCause() instanceof SQLException cause ? cause : e;
          }
        }
      }
    } finally {
      permits.release();
    }
  }

  /** A kept connection was of no use: nothing was done. */
  private static final class NotBegun extends SQLException {
    private static final long serialVersionUID = 1L;

    NotBegun(SQLException cause) {
      super(cause);
    }
  }

  private <T> T once(Body<T> body) throws SQLException {
    Connection kept = free.poll();
    Connection connection = kept == null ? open() : kept;
    boolean committing = false;
    boolean sound = false;
    try {
      if (kept != null) {
        database.check(kept);
      }
      T result = body.run(connection);
      committing = true;
      connection.commit();
      sound = true;
      return result;
    } catch (SQLException e) {
      if (Failures.isConflict(e) || Failures.isLocked(e)) {
        connection.rollback();
        sound = true;
      } else if (kept != null && !committing && Failures.isOfTheConnection(e)) {
        throw new NotBegun(e);
      }
      throw e;
    } finally {
      if (sound && !closed) {
        free.add(connection);
      } else {
        Database.closeQuietly(connection); // rolls back
      }
    }
  }

  private Connection open() throws SQLException {
    Connection connection = database.open(longest);
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public void close() {
    closed = true;
    for (Connection each = free.poll(); each != null; each = free.poll()) {
      Database.closeQuietly(each);
    }
  }
}

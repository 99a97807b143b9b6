package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a thread keeps for itself: opened when it is first needed, and given up after a
 * failure, so that the next use opens another. For one thread at a time.
 */
public final class KeptConnection {
  private final Database database;
  private final Duration longest;
  private final Beginning beginning;
  private volatile @Nullable Connection connection;

  /** What is done with each that is opened. */
  public interface Beginning {
    void of(Connection opened) throws SQLException;
  }

  /**
   * @param longest that a call may take before it has failed
   */
  public KeptConnection(Database database, Duration longest) {
    this(database, longest, opened -> {});
  }

  public KeptConnection(Database database, Duration longest, Beginning beginning) {
    this.database = database;
    this.longest = longest;
    this.beginning = beginning;
  }

  /** Whoever fails with it gives it up. */
  public Connection get() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = database.open(longest);
      connection = current;
      beginning.of(current);
    }
    return current;
  }

  /** Whether there will never be another. */
  public boolean isSevered() {
    return database.isSevered();
  }

  /** Ends what its thread waits for, from another thread: that fails. */
  public void abort() {
    Connection current = connection;
    if (current != null) {
      Database.abort(current);
    }
  }

  /** Closes it, if there is one. */
  public void giveUp() {
    if (connection != null) {
      Database.closeQuietly(connection);
      connection = null;
    }
  }
}

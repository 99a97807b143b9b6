package dev.caravan.log.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a thread keeps for itself: opened at its first use, and given up after a
 * failure; the next use opens another. For one thread at a time.
 */
public final class KeptConnection {
  private final Database database;
  private final Duration longest;
  private final Beginning beginning;
  private volatile @Nullable Connection connection;

  /** Prepares each connection that is opened. */
  public interface Beginning {
    void of(Connection opened) throws SQLException;
  }

  /**
   * @param longest after this, a call without an answer has failed
   */
  public KeptConnection(Database database, Duration longest) {
    this(database, longest, opened -> {});
  }

  public KeptConnection(Database database, Duration longest, Beginning beginning) {
    this.database = database;
    this.longest = longest;
    this.beginning = beginning;
  }

  /** The connection; callers give it up after a failure. */
  public Connection get() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = database.open(longest);
      connection = current;
      beginning.of(current);
    }
    return current;
  }

  /** Whether no other can be opened any more. */
  public boolean isSevered() {
    return database.isSevered();
  }

  /** Called by another thread: makes the call fail that its thread waits for. */
  public void abort() {
    Connection current = connection;
    if (current != null) {
      Database.abort(current);
    }
  }

  /** Closes it, if it is open. */
  public void giveUp() {
    if (connection != null) {
      Database.closeQuietly(connection);
      connection = null;
    }
  }
}

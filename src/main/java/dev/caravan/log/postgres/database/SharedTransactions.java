package dev.caravan.log.postgres.database;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;

/** Transactions for callers that can only report a failure. */
public final class SharedTransactions {
  private SharedTransactions() {}

  /**
   * Runs one.
   *
   * @throws LogUnavailableException when it could not be committed
   */
  public static <T> T run(Sessions sessions, Sessions.Body<T> body) {
    try {
      return sessions.run(body);
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be written: " + e.getMessage(), e);
    }
  }
}

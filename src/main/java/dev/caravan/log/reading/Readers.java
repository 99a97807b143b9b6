package dev.caravan.log.reading;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;

/** Lends readers of the log to the threads that query it. Safe for use by many threads. */
public interface Readers {
  /** A query. */
  @FunctionalInterface
  interface Question<T> {
    T ask(DeliveryReader reader) throws SQLException;
  }

  /** Asks a reader; waits until one is free. */
  <T> T read(Question<T> question) throws SQLException;

  /**
   * The same for callers that need not know SQL.
   *
   * @throws LogUnavailableException when the log cannot be read
   */
  default <T> T ask(Question<T> question) {
    try {
      return read(question);
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }
}

package dev.caravan.log.postgres.database;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.tables.EventTypes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Lends a few readers to the threads that need one. If a kept reader has lost its connection, a new
 * one asks its question again.
 */
public final class SharedReaders implements Readers, AutoCloseable {
  private final Database database;
  private final EventTypes kinds;
  private final Dictionaries dictionaries;
  private final Duration longest;
  private final Semaphore permits;
  private final Queue<DeliveryReader> free = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * @param most how many readers at once
   * @param longest after this, a question without an answer has failed
   */
  public SharedReaders(
      Database database, EventTypes kinds, Dictionaries dictionaries, int most, Duration longest) {
    this.database = database;
    this.kinds = kinds;
    this.dictionaries = dictionaries;
    this.longest = longest;
    this.permits = new Semaphore(most, true);
  }

  @Override
  public <T> T read(Question<T> question) throws SQLException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted while waiting to read the delivery log", e);
    }
    try {
      DeliveryReader kept = free.poll();
      if (kept != null) {
        try {
          return ask(kept, question);
        } catch (SQLException e) {
          if (!Failures.isOfTheConnection(e) || closed) {
            throw e;
          }
        }
      }
      return ask(open(), question);
    } finally {
      permits.release();
    }
  }

  private <T> T ask(DeliveryReader reader, Question<T> question) throws SQLException {
    boolean sound = false;
    try {
      T answer = question.ask(reader);
      sound = true;
      return answer;
    } finally {
      if (sound && !closed) {
        free.add(reader);
      } else {
        close(reader);
      }
    }
  }

  private DeliveryReader open() throws SQLException {
    if (closed) {
      throw new SQLException("The delivery log is closed", "08003");
    }
    return new DeliveryReader(database.open(longest), kinds, dictionaries);
  }

  private static void close(DeliveryReader reader) {
    try {
      reader.close();
    } catch (SQLException e) {
      // it was of no more use
    }
  }

  @Override
  public void close() {
    closed = true;
    for (DeliveryReader each = free.poll(); each != null; each = free.poll()) {
      close(each);
    }
  }
}

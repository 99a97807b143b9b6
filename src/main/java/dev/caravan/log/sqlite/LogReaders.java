package dev.caravan.log.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** Lends readers to the threads that need one, opening a few at the most. */
final class LogReaders implements AutoCloseable {
  private static final int MOST = 4;

  private final Database database;
  private final Kinds kinds;
  private final Dictionaries dictionaries;
  private final Queue<LogReader> free = new ConcurrentLinkedQueue<>();
  private final Semaphore permits = new Semaphore(MOST);
  private volatile boolean closed;

  LogReaders(Database database, Kinds kinds, Dictionaries dictionaries) {
    this.database = database;
    this.kinds = kinds;
    this.dictionaries = dictionaries;
  }

  /** A question to a reader. */
  @FunctionalInterface
  interface Question<T> {
    T ask(LogReader reader) throws SQLException;
  }

  /** Asks a reader, waiting for one to be free. */
  <T> T read(Question<T> question) throws SQLException {
    LogReader reader = take();
    boolean sound = false;
    try {
      T answer = question.ask(reader);
      sound = true;
      return answer;
    } finally {
      // The driver closes a statement that failed, so a reader does not outlive an error.
      giveBack(reader, sound && !closed);
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    for (LogReader reader = free.poll(); reader != null; reader = free.poll()) {
      reader.close();
    }
  }

  private LogReader take() throws SQLException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted while waiting to read the delivery log", e);
    }
    try {
      LogReader reader = free.poll();
      return reader != null ? reader : open();
    } catch (SQLException | RuntimeException | Error e) {
      permits.release();
      throw e;
    }
  }

  private LogReader open() throws SQLException {
    if (closed) {
      throw new SQLException("The delivery log is closed");
    }
    Connection connection = database.openReader();
    try {
      return new LogReader(connection, kinds, dictionaries);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private void giveBack(LogReader reader, boolean reusable) throws SQLException {
    try {
      if (reusable) {
        free.add(reader);
      } else {
        reader.close();
      }
    } finally {
      permits.release();
    }
  }
}

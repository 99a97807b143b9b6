package dev.caravan.log.sqlite;

import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Lends readers to the threads that need one, opening a few at the most. */
final class LogReaders implements AutoCloseable {
  private static final int MOST = 4;

  private final Database database;
  private final Kinds kinds;
  private final Dictionaries dictionaries;
  private final BlockingQueue<LogReader> free = new LinkedBlockingQueue<>();
  private final AtomicInteger opened = new AtomicInteger();
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
    LogReader reader = free.poll();
    if (reader != null) {
      return reader;
    }
    if (closed) {
      throw new SQLException("The delivery log is closed");
    }
    if (opened.incrementAndGet() <= MOST) {
      return new LogReader(database.openReader(), kinds, dictionaries);
    }
    opened.decrementAndGet();
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted while waiting to read the delivery log", e);
    }
  }

  private void giveBack(LogReader reader, boolean reusable) throws SQLException {
    if (reusable) {
      free.add(reader);
    } else {
      opened.decrementAndGet();
      reader.close();
    }
  }
}

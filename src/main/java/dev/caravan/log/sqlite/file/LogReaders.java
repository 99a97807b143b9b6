package dev.caravan.log.sqlite.file;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.tables.EventTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lends readers to the threads that need one; opens a few at most. */
public final class LogReaders implements Readers, AutoCloseable {
  private static final int MOST = 4;
  private static final long LONGEST_READ_SECONDS = 2;
  private static final long LONGEST_END_SECONDS = 20;

  private final Database database;
  private final EventTypes kinds;
  private final Dictionaries dictionaries;
  private final Queue<DeliveryReader> free = new ConcurrentLinkedQueue<>();
  private final Consumer<SQLException> onFailure;
  private final Semaphore permits =
      new Semaphore(MOST, true); // fair, or suspend() might never get all
  private final Set<DeliveryReader> lent = ConcurrentHashMap.newKeySet();
  private boolean suspended;
  private volatile boolean closed;

  /**
   * @param onFailure told what went wrong while reading
   */
  public LogReaders(
      Database database,
      EventTypes kinds,
      Dictionaries dictionaries,
      Consumer<SQLException> onFailure) {
    this.onFailure = onFailure;
    this.database = database;
    this.kinds = kinds;
    this.dictionaries = dictionaries;
  }

  @Override
  public <T> T read(Question<T> question) throws SQLException {
    DeliveryReader reader = take();
    boolean sound = false;
    lent.add(reader);
    try {
      T answer = question.ask(reader);
      sound = true;
      return answer;
    } catch (SQLException e) {
      onFailure.accept(e);
      throw e;
    } finally {
      lent.remove(reader);
      // The driver closes a statement that failed, so the reader is not used again.
      giveBack(reader, sound && !closed);
    }
  }

  /**
   * Closes all readers; queries wait until {@link #resume}. One that takes longer than two seconds
   * is cut off.
   */
  public void suspend() throws SQLException {
    try {
      if (!permits.tryAcquire(MOST, LONGEST_READ_SECONDS, TimeUnit.SECONDS)) {
        for (DeliveryReader reader : lent) {
          reader.stop();
        }
        if (!permits.tryAcquire(MOST, LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
          throw new SQLException("its readers do not finish");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for its readers", e);
    }
    suspended = true;
    closeFree();
  }

  public void resume() {
    if (suspended) {
      suspended = false;
      permits.release(MOST);
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    closeFree();
  }

  private void closeFree() throws SQLException {
    for (DeliveryReader reader = free.poll(); reader != null; reader = free.poll()) {
      reader.close();
    }
  }

  private DeliveryReader take() throws SQLException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted while waiting to read the delivery log", e);
    }
    try {
      DeliveryReader reader = free.poll();
      return reader != null ? reader : open();
    } catch (SQLException | RuntimeException | Error e) {
      permits.release();
      throw e;
    }
  }

  private DeliveryReader open() throws SQLException {
    if (closed) {
      throw new SQLException("The delivery log is closed");
    }
    Connection connection = database.openReader();
    try {
      return new DeliveryReader(connection, kinds, dictionaries);
    } catch (RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private void giveBack(DeliveryReader reader, boolean reusable) throws SQLException {
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

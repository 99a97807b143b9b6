package dev.caravan.log.postgres.shards;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.reading.RecentDeliveries;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What this node remembers of the log's tables: the numbers of kinds, the dictionaries and the
 * newest deliveries. All of it may be wrong when the database has another history. Safe for use by
 * many threads.
 */
public final class NodeMemory {
  private final Sessions sessions;
  private final Kinds kinds;
  private final Dictionaries dictionaries;
  private final RecentDeliveries recent;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final AtomicInteger times = new AtomicInteger();
  private volatile boolean isStale;

  public NodeMemory(
      Sessions sessions, Kinds kinds, Dictionaries dictionaries, RecentDeliveries recent) {
    this.sessions = sessions;
    this.kinds = kinds;
    this.dictionaries = dictionaries;
    this.recent = recent;
  }

  /** A use of it during which nothing is forgotten. */
  @FunctionalInterface
  public interface Use {
    void run() throws SQLException;
  }

  /** Uses or adds to what is remembered; fails while that has yet to be read again. */
  public void use(Use what) throws SQLException {
    lock.readLock().lock();
    try {
      if (isStale) {
        throw new SQLException("This node has yet to read the log again", "08004");
      }
      what.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How often everything was forgotten: what was packed before belongs to another history. */
  public int times() {
    return times.get();
  }

  /** Nothing of it may be used any more, until it was forgotten. */
  public void isOutdated() {
    isStale = true;
  }

  /** Waits until those who began to use it before it was outdated have ended. */
  public void awaitUnused() {
    lock.writeLock().lock();
    try {
      isOutdated(); // nobody can have begun since
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Forgets everything, and reads it from the database again.
   *
   * @param more what must be forgotten with it
   */
  public void forget(Use more) throws SQLException {
    lock.writeLock().lock();
    try {
      isStale = true;
      times.incrementAndGet();
      recent.clear();
      dictionaries.clear();
      kinds.refresh();
      sessions.run(
          connection -> {
            dictionaries.load(connection);
            return true;
          });
      more.run();
      isStale = false;
    } finally {
      lock.writeLock().unlock();
    }
  }
}

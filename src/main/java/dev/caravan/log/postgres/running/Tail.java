package dev.caravan.log.postgres.running;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.postgres.append.Append;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.KeptConnection;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Waker;
import dev.caravan.log.postgres.shards.HeldShard;
import dev.caravan.log.postgres.shards.NodeMemory;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.reading.Readers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The end of the log up to which this node has told its shards. What it has appended itself comes
 * from memory, if no other node's deliveries are before it; the rest is read, at another node's
 * news or the next look.
 */
public final class Tail implements Runnable {
  /** Positions. Beyond that, each shard reads for itself. */
  private static final int MOST_READ = 5_000;

  private static final int BUSY_MILLIS = 20;
  private static final int IDLE_MILLIS = 250;
  private static final long BUSY_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WAIT_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private final KeptConnection connection;
  private final NodeMemory memory;
  private final Readers readers;
  private final Kinds kinds;
  private final LocalSubscriptions subscriptions;
  private final ReadFailures failures;
  private final Consumer<String> onNews;
  private final Thread thread = new Thread(this, "delivery-log-tail");
  private volatile long end;
  private volatile long grownAt = System.nanoTime();
  private volatile boolean closed;

  /**
   * @param onNews is given other nodes' news, except that they have appended
   */
  public Tail(
      Database database,
      NodeMemory memory,
      Readers readers,
      Kinds kinds,
      LocalSubscriptions subscriptions,
      ReadFailures failures,
      Consumer<String> onNews) {
    this.connection =
        new KeptConnection(
            database, LONGEST_CALL, opened -> listen(opened, Waker.channel(database)));
    this.memory = memory;
    this.readers = readers;
    this.kinds = kinds;
    this.subscriptions = subscriptions;
    this.failures = failures;
    this.onNews = onNews;
  }

  public void start() throws SQLException {
    restart();
    thread.start();
  }

  /** The first position of which shards were not told. */
  public long end() {
    return end;
  }

  /** This node has appended these. */
  public synchronized void committed(Map<Long, Append> at, long first, long next) {
    if (first == end) {
      Map<Integer, List<Envelope>> byShard = new HashMap<>();
      at.forEach(
          (position, append) ->
              byShard
                  .computeIfAbsent(append.shard(), any -> new ArrayList<>())
                  .add(append.envelope(position)));
      tell(byShard, first, next);
    }
    grownAt = System.nanoTime(); // if not told above, another node's come first: run() reads both
  }

  /** The end moves first: a shard that is behind must not believe it has everything. */
  private void tell(Map<Integer, List<Envelope>> byShard, long first, long next) {
    end = next;
    for (HeldShard held : subscriptions.held()) {
      held.dispatcher().appended(byShard.getOrDefault(held.shard(), List.of()), first, next);
    }
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        hear();
        look();
      } catch (SQLException | RuntimeException | Error e) {
        connection.giveUp();
        if (!closed) {
          failures.met(e);
          LockSupport.parkNanos(this, WAIT_AFTER_FAILURE_NANOS);
        }
      }
    }
    connection.giveUp();
  }

  /** Waits for news, but no longer than until the next look. */
  private void hear() throws SQLException {
    boolean isBusy = System.nanoTime() - grownAt < BUSY_FOR_NANOS;
    PGNotification[] news =
        connection
            .get()
            .unwrap(PGConnection.class)
            .getNotifications(isBusy ? BUSY_MILLIS : IDLE_MILLIS);
    for (PGNotification each : news == null ? new PGNotification[0] : news) {
      if (!each.getParameter().equals(Waker.APPENDED)) {
        onNews.accept(each.getParameter());
      }
    }
  }

  /** Continues from the log's present end, even if that is before what shards were told. */
  public void restart() throws SQLException {
    end = readers.read(ShardReading::head);
  }

  private void look() throws SQLException {
    memory.use(this::tellWhatIsNew);
  }

  private void tellWhatIsNew() throws SQLException {
    long from = end;
    long to = readers.read(ShardReading::head);
    if (to <= from) {
      return;
    }
    grownAt = System.nanoTime();
    // If it is too much, shards only learn that they are behind.
    boolean isRead = to - from <= MOST_READ;
    Map<Integer, List<Envelope>> byShard =
        isRead
            ? readers.read(reader -> ShardReading.ofAll(reader, kinds.types(), from, to))
            : Map.of();
    synchronized (this) {
      if (to > end) {
        tell(byShard, isRead ? from : to - 1, to);
      }
    }
  }

  private static void listen(Connection opened, String channel) throws SQLException {
    try (Statement statement = opened.createStatement()) {
      statement.execute("LISTEN \"" + channel + "\"");
    }
  }

  public void close() throws InterruptedException {
    closed = true;
    connection.abort(); // otherwise it would wait for news
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }
}

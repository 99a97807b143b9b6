package dev.caravan.log.postgres.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes other nodes after a commit, by notifications of the database: never in the transaction
 * itself, since each notification takes a lock of the whole server, and at most once every 20 ms.
 * Nothing depends on their arrival: everything is checked anyway, a little later.
 */
public final class Waker {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** Deliveries were appended. */
  public static final String APPENDED = "appended";

  /** A subscription was paused or resumed. */
  public static final String PAUSED = "paused";

  /** A subscription has begun on a node, which needs its share of the shards. */
  public static final String BEGUN = "begun";

  /** Shards were released. */
  public static final String FREED = "freed";

  /** What is due of a shard has changed; its subscription and its number follow. */
  public static final String DUE = "due ";

  private static final String PREFIX = "caravan_";
  private static final int MOST_OF_A_CHANNEL = 63;
  private static final long PAUSE_MILLIS = 20;
  private static final int MOST_AT_ONCE = 50;
  private static final Duration LONGEST_CALL = Duration.ofSeconds(3);

  private final KeptConnection connection;
  private final String channel;
  private final Set<String> news = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-waker"));
  private volatile boolean areOthers;

  public Waker(Database database) {
    this.connection = new KeptConnection(database, LONGEST_CALL);
    this.channel = channel(database);
  }

  /** The channel that the nodes of one log listen to. */
  public static String channel(Database database) {
    String schema = database.place().schema();
    String channel = PREFIX + schema;
    if (channel.length() <= MOST_OF_A_CHANNEL) {
      return channel;
    }
    String rest = "_" + Integer.toHexString(schema.hashCode());
    return channel.substring(0, MOST_OF_A_CHANNEL - rest.length()) + rest;
  }

  /** Says whether there are other nodes to wake. */
  public void othersThere(boolean areThere) {
    areOthers = areThere;
  }

  /** Tells the other nodes soon. Does not block. */
  public void tell(String one) {
    if (areOthers && news.add(one) && scheduled.compareAndSet(false, true)) {
      try {
        Future<?> unused = thread.schedule(this::send, PAUSE_MILLIS / 4, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("Nobody is woken: the delivery log is closed");
      }
    }
  }

  private void send() {
    List<String> some = new ArrayList<>();
    news.stream().limit(MOST_AT_ONCE).forEach(some::add);
    news.removeAll(some);
    try (PreparedStatement notify = connection.get().prepareStatement("SELECT pg_notify(?, ?)")) {
      for (String each : some) {
        notify.setString(1, channel);
        notify.setString(2, each);
        notify.execute();
      }
    } catch (SQLException e) {
      connection.giveUp();
      LOG.debug("Other nodes were not woken; they look by themselves", e);
    } catch (RuntimeException | Error e) {
      LOG.debug("Other nodes were not woken; they look by themselves", e);
    }
    scheduled.set(false);
    if (!news.isEmpty()) {
      again();
    }
  }

  private void again() {
    if (scheduled.compareAndSet(false, true)) {
      Future<?> unused = thread.schedule(this::send, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  public void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS)) {
      thread.shutdownNow();
    }
    connection.giveUp();
  }
}

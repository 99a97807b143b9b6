package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Receipt;
import dev.caravan.log.Spool;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.state.LogCounters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How deliveries come into this node's log: directly or, with a spool, by a {@link Detour}. Its own
 * thread, which may wait for a disk, deals with those that wait, until nothing is appended any
 * more.
 */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-intake"));
  private final Appender appender;
  private final Revivals revivals;
  private final Sessions sessions;
  private final Availability availability;
  private final @Nullable Detour detour;
  private final Packing packing;

  private Intake(
      Appender appender,
      Revivals revivals,
      Sessions sessions,
      Availability availability,
      @Nullable Detour detour,
      Packing packing) {
    this.appender = appender;
    this.revivals = revivals;
    this.sessions = sessions;
    this.availability = availability;
    this.detour = detour;
    this.packing = packing;
  }

  /**
   * Assembles the parts that append.
   *
   * @param now by the database's clock, in milliseconds since 1970
   * @param listener is told of which shards due rows were changed
   * @param appended is told what was appended here
   * @param spool null when there is none
   */
  public static Intake of(
      Database database,
      Kinds kinds,
      LongSupplier now,
      DueChanges.Listener listener,
      BatchAppend.Appended appended,
      Availability availability,
      LogCounters counters,
      @Nullable Spool spool,
      Packing packing) {
    AppendCall call = new AppendCall(kinds);
    Sessions sessions = new Sessions(database, Appender.LONGEST_CALL);
    AppendQueue queue = new AppendQueue(spool != null);
    Revivals revivals =
        new Revivals(packing.memory(), new RevivalCall(sessions, now, listener), queue, counters);
    Repeats repeats = new Repeats(call, counters);
    BatchAppend batches = new BatchAppend(call, repeats, revivals, counters, appended);
    Appender appender =
        new Appender(database, packing.memory(), batches, availability, counters, queue);
    revivals.connect(appender::add);
    return new Intake(
        appender,
        revivals,
        sessions,
        availability,
        spool == null ? null : new Detour(spool, appender, availability, packing),
        packing);
  }

  /** Begins to append, including what the spool has. */
  public void start() {
    appender.start();
    if (detour != null) {
      detour.start();
    }
    Future<?> unused =
        watch.scheduleWithFixedDelay(
            this::look, BETWEEN_LOOKS_MILLIS, BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
  }

  public CompletableFuture<Receipt> append(Delivery delivery) {
    if (detour != null) {
      return detour.append(delivery);
    }
    Append append = new Append(delivery, packing, false);
    appender.add(append);
    return append.receipt();
  }

  /** As {@link Appender#heartbeat}. */
  public CompletableFuture<Void> heartbeat() {
    return appender.heartbeat();
  }

  /** Deals with those that wait for too long. */
  private void look() {
    try {
      if (detour != null) {
        detour.look();
      }
      appender.waiting().expire(availability.unavailable());
    } catch (RuntimeException | Error e) { // otherwise nobody would look again
      LOG.error("What waits to be appended could not be looked after. Looking again.", e);
    }
  }

  /** Ends, without waiting for a database that is away. */
  public void close() throws InterruptedException {
    try {
      if (detour != null) {
        detour.close();
      }
      appender.close();
      revivals.close();
    } finally {
      watch.shutdown();
      revivals.shutdown();
      sessions.close();
    }
  }

  /** Why a balancer should send this node no deliveries; empty when it should. */
  public String trouble() {
    String away = availability.forBalancers();
    if (away.isEmpty() || detour == null) {
      return away;
    }
    String notKept = detour.trouble();
    return notKept.isEmpty() ? "" : away + "; " + notKept;
  }
}

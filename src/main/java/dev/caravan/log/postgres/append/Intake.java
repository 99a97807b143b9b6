package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Spool;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.state.LogCounters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leads each delivery into the database or, while that is away, to this node's own disk. What comes
 * after something that is kept there goes there too, until all of it is in the database: so the
 * order within a lane is kept, as far as this node sees it. Safe for use by many threads.
 */
public final class Intake {
  private final Appender appender;
  private final Availability availability;
  private final @Nullable Spool spool;
  private final Packing packing;

  private Intake(
      Appender appender, Availability availability, @Nullable Spool spool, Packing packing) {
    this.appender = appender;
    this.availability = availability;
    this.spool = spool;
    this.packing = packing;
  }

  /**
   * Puts together what appends.
   *
   * @param now by the database's clock, in milliseconds since 1970
   * @param listener is told whose due rows were changed
   * @param appended told of what was appended here
   * @param spool null where there is none
   */
  public static Intake of(
      Database database,
      Sessions sessions,
      Kinds kinds,
      LongSupplier now,
      DueChanges.Listener listener,
      BatchAppend.Appended appended,
      Availability availability,
      LogCounters counters,
      @Nullable Spool spool,
      Packing packing) {
    AppendCall call = new AppendCall(kinds);
    Repeats repeats = new Repeats(call, new Revival(sessions, now, listener), counters);
    BatchAppend batches = new BatchAppend(call, repeats, counters, appended);
    return new Intake(
        new Appender(database, packing.memory(), batches, availability, counters, spool != null),
        availability,
        spool,
        packing);
  }

  /** Begins to append, also what the spool has. */
  public void start() {
    appender.start();
    if (spool != null) {
      spool.appendTo(kept -> append(new Append(kept, packing, true)));
    }
  }

  public CompletableFuture<Receipt> append(Delivery delivery) {
    Spool detour = spool;
    if (detour == null) {
      return append(new Append(delivery, packing, false));
    }
    Append direct = isDetour(detour) ? null : new Append(delivery, packing, false);
    synchronized (this) {
      if (direct != null && !isDetour(detour)) {
        return append(direct);
      }
      return detour.keep(delivery).exceptionallyCompose(failure -> withoutSpool(delivery, failure));
    }
  }

  private boolean isDetour(Spool detour) {
    return detour.isInUse() || availability.isAwayFor(detour.patience());
  }

  /** Better out of order than not at all. */
  private CompletableFuture<Receipt> withoutSpool(Delivery delivery, Throwable failure) {
    return availability.isAwayFor(Duration.ZERO)
        ? CompletableFuture.failedFuture(failure)
        : append(new Append(delivery, packing, false));
  }

  private CompletableFuture<Receipt> append(Append append) {
    appender.add(append);
    return append.receipt();
  }

  /** As {@link Appender#heartbeat}. */
  public CompletableFuture<Void> heartbeat() {
    return appender.heartbeat();
  }

  /** Deals with those that wait for too long; to be called a few times a second. */
  public void look() {
    Spool detour = spool;
    if (detour != null && appender.waiting().isWaitingFor(detour.patience())) {
      spoolAll(detour);
    }
    appender.waiting().expire(availability.unavailable());
  }

  private synchronized void spoolAll(Spool detour) {
    for (Append each : appender.waiting().handOn()) {
      CompletableFuture<Receipt> unused =
          kept(detour, each)
              .whenComplete(
                  (receipt, failure) -> {
                    if (failure == null) {
                      each.isKept(receipt);
                    } else {
                      each.failed(unavailable(failure));
                    }
                  });
    }
  }

  /** Kept, or failed: one that cannot be kept, for want of memory say, leaves the others theirs. */
  private static CompletableFuture<Receipt> kept(Spool detour, Append append) {
    try {
      return detour.keep(append.added().delivery());
    } catch (RuntimeException | OutOfMemoryError e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static LogUnavailableException unavailable(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof LogUnavailableException known
        ? known
        : new LogUnavailableException("The delivery could not be kept on this node's disk", cause);
  }

  /** Ends: nothing waits for a database that is away. */
  public void close() throws InterruptedException {
    Spool detour = spool;
    if (detour != null && availability.isAwayFor(Duration.ZERO)) {
      spoolAll(detour);
    }
    appender.close();
  }

  /** Why this node should get no deliveries, or an empty text. */
  public String trouble() {
    String away = availability.forBalancers();
    if (away.isEmpty() || spool == null) {
      return away;
    }
    String notKept = spool.trouble();
    return notKept.isEmpty() ? "" : away + "; " + notKept;
  }
}

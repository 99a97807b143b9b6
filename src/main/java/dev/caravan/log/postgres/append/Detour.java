package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Spool;
import dev.caravan.log.postgres.database.Availability;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Leads deliveries into the database or, while that is away, to this node's own disk. While any are
 * kept there, later ones go there too, until all are in the database: this keeps the order within a
 * lane, as far as this node sees it.
 *
 * <p>While the last of these are appended, new ones are held for at most half a second: then they
 * follow into the database or, if that takes longer, onto the disk. Safe for use by many threads.
 */
final class Detour implements Spool.Destination {
  private static final long LONGEST_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Spool spool;
  private final Appender appender;
  private final Availability availability;
  private final Packing packing;

  /** Those that came while the last of the spool is appended, in order; guarded by this. */
  private final Queue<Append> held = new ArrayDeque<>();

  private volatile boolean isHolding;
  private boolean closed;
  private long heldSince = System.nanoTime() - SHORTEST_PAUSE_NANOS;

  /** Doubled each time holding was in vain: the spool may have one that can never be appended. */
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  Detour(Spool spool, Appender appender, Availability availability, Packing packing) {
    this.spool = spool;
    this.appender = appender;
    this.availability = availability;
    this.packing = packing;
  }

  /** Begins to append what the spool has. */
  void start() {
    spool.appendTo(this);
  }

  CompletableFuture<Receipt> append(Delivery delivery) {
    Append ready = goesToDisk() ? null : new Append(delivery, packing, false);
    synchronized (this) {
      if (goesToDisk()) {
        if (!spool.isInUse()) {
          keepAllThatWait(); // those that came before go first
        }
        return keepOrAppend(delivery, () -> new Append(delivery, packing, false));
      }
      Append append = ready == null ? new Append(delivery, packing, false) : ready;
      if (isHolding) {
        held.add(append);
      } else {
        appender.add(append);
      }
      return append.receipt();
    }
  }

  private boolean goesToDisk() {
    return !isHolding && isNeeded();
  }

  private boolean isNeeded() {
    return spool.isInUse() || availability.isAwayFor(spool.patience());
  }

  /**
   * Onto the disk or, if that fails, into the database: better out of order than not at all.
   *
   * @param ready makes the same delivery ready to be appended
   */
  private CompletableFuture<Receipt> keepOrAppend(Delivery delivery, Supplier<Append> ready) {
    return kept(delivery)
        .exceptionallyCompose(
            failure -> {
              if (availability.isAwayFor(Duration.ZERO)) {
                return CompletableFuture.failedFuture(unavailable(failure));
              }
              Append append = ready.get();
              appender.add(append);
              return append.receipt();
            });
  }

  /** Deals with those that wait for too long; to be called a few times a second. */
  synchronized void look() {
    if (isEndingInVain() || appender.waiting().isWaitingFor(spool.patience())) {
      keepAllThatWait();
    }
    if (isHolding && System.nanoTime() - heldSince >= LONGEST_HOLD_NANOS) {
      pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      release();
    }
  }

  private void keepAllThatWait() {
    appender.waiting().handOn().forEach(each -> answer(each, kept(each.added().delivery())));
  }

  private static void answer(Append append, CompletableFuture<Receipt> kept) {
    CompletableFuture<Receipt> unused =
        kept.whenComplete(
            (receipt, failure) -> {
              if (failure == null) {
                append.isKept(receipt);
              } else {
                append.failed(unavailable(failure));
              }
            });
  }

  /** Failures, even for lack of memory, are in the result: others can still be kept. */
  private CompletableFuture<Receipt> kept(Delivery delivery) {
    try {
      return spool.keep(delivery);
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

  /** Sends those that are held where all go now, behind all that came before them. */
  private void release() {
    isHolding = false;
    boolean isToDisk = isNeeded(); // the same for all, to keep their order
    while (!held.isEmpty()) {
      Append each = held.remove();
      if (isToDisk) {
        answer(each, keepOrAppend(each.added().delivery(), () -> each));
      } else {
        appender.add(each);
      }
    }
  }

  // --- called by the spool ---

  @Override
  public List<CompletableFuture<Receipt>> append(List<Delivery> kept) {
    List<Append> appends = kept.stream().map(each -> new Append(each, packing, true)).toList();
    appender.addAll(appends);
    return appends.stream().map(Append::receipt).toList();
  }

  @Override
  public synchronized void almostAll() {
    boolean isTime = System.nanoTime() - heldSince >= pauseNanos;
    if (isTime && !closed && isWorthWaitingFor()) {
      isHolding = true;
      heldSince = System.nanoTime();
    }
  }

  /** Only if those held could still go to the disk after all. */
  private boolean isWorthWaitingFor() {
    return spool.isInUse() && spool.trouble().isEmpty() && !availability.isAwayFor(Duration.ZERO);
  }

  @Override
  public synchronized void all() {
    pauseNanos = SHORTEST_PAUSE_NANOS;
    release();
  }

  /** Ends, without waiting for a database that is away or for the spool. */
  synchronized void close() {
    closed = true;
    if (isEndingInVain()) {
      keepAllThatWait();
    }
    release();
  }

  private boolean isEndingInVain() {
    return closed && availability.isAwayFor(Duration.ZERO);
  }

  /** Why nothing can be kept now; empty when it can. */
  String trouble() {
    return spool.trouble();
  }
}

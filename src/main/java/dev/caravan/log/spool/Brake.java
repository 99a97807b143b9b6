package dev.caravan.log.spool;

import dev.caravan.log.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Slows senders down while a spool is emptied: a disk takes more than a database appends, and with
 * senders that wait only for their answers a spool would grow for ever. For every two deliveries
 * that are appended, one is answered at once; what comes beyond that is answered a second later.
 *
 * <p>Safe for use by many threads; one of them looks.
 */
final class Brake {
  private static final long DELAY_MILLIS = 1000;

  private final LongSupplier appended;
  private final AtomicLong kept = new AtomicLong();
  private volatile long appendedBefore;
  private volatile boolean isOn;

  /**
   * @param appended how many were appended so far
   */
  Brake(LongSupplier appended) {
    this.appended = appended;
  }

  void set(boolean isNeeded) {
    if (isNeeded && !isOn) {
      appendedBefore = appended.getAsLong();
      kept.set(0);
    }
    isOn = isNeeded;
  }

  /** The answer to one that is kept, now or later. */
  CompletableFuture<Receipt> answer(Receipt receipt) {
    boolean isNow = !isOn || 2 * kept.incrementAndGet() <= appended.getAsLong() - appendedBefore;
    return isNow
        ? CompletableFuture.completedFuture(receipt)
        : new CompletableFuture<Receipt>()
            .completeOnTimeout(receipt, DELAY_MILLIS, TimeUnit.MILLISECONDS);
  }
}

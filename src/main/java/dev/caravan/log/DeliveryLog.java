package dev.caravan.log;

import java.util.concurrent.CompletableFuture;

/**
 * Takes deliveries, keeps them on disk, and hands each to the subscriptions that want it.
 *
 * <p>Safe for use by many threads. A position is opaque: outside an engine nobody may assume that
 * it is a number, that positions have no gaps, or that two of them can be compared.
 */
public interface DeliveryLog extends AutoCloseable {
  /**
   * Appends a delivery. Never blocks; costs the caller the compression of the body.
   *
   * @return a future that completes once the delivery is flushed to disk, on a thread of the log
   *     that must not be held up; or fails with {@link LogUnavailableException}, and then nothing
   *     of the delivery was kept
   */
  CompletableFuture<Receipt> append(Delivery delivery);

  /**
   * Starts handing deliveries to a subscription: those it had not completed when it last ran, or,
   * for a name the log has never seen, those from {@link SubscriptionSettings#startFrom()} on.
   *
   * @throws IllegalStateException when a subscription of that name is already running
   */
  Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler);

  /** Why the log cannot take deliveries at this moment, or an empty text when it can. */
  String trouble();

  /**
   * Flushes the outcomes known so far, and closes the files. Attempts still running are not waited
   * for; they run again at the next start.
   */
  @Override
  void close();
}

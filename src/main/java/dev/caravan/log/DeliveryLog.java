package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Accepts deliveries, keeps them on disk, and hands each to the subscriptions that want it.
 *
 * <p>Safe for use by many threads. A position is opaque: outside an engine nobody may assume that
 * it is a number, that positions have no gaps, or that two of them can be compared.
 */
public interface DeliveryLog extends AutoCloseable {
  /**
   * Appends a delivery. Never blocks; costs the caller the compression of the body.
   *
   * @return a future that completes once the delivery is flushed to disk, on a thread of the log
   *     that must not be blocked; or fails with {@link LogUnavailableException}, and then nobody
   *     was told that it is kept. If the log is in this process, nothing of it was kept; if it is
   *     elsewhere, a connection may have broken after the commit. Sent again, it is then a repeat
   */
  CompletableFuture<Receipt> append(Delivery delivery);

  /**
   * Says that many senders are waiting for their answers. While the processor is busy, the log then
   * gives subscriptions less to do, and senders are answered first. Costs next to nothing.
   */
  void sendersWait();

  /**
   * Starts handing deliveries to a subscription: those it had not completed when it last ran, or,
   * for a name the log has never seen, those from {@link SubscriptionSettings#startFrom()} on.
   *
   * @throws IllegalStateException when a subscription of that name is already running
   */
  Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler);

  /**
   * Runs deliveries from the log again. Returns at once; they are found and scheduled in the
   * background, and what is scheduled outlives a restart.
   *
   * <p>A replay of several deliveries respects lanes and concurrency like a retry does, and keeps
   * their order within a lane. What a subscription has yet to run is left alone. A dead letter that
   * is replayed is removed from the dead letters.
   *
   * @param what the request in words, for readers of {@link #replays}
   * @throws UnknownSubscriptionException when the request names a subscription that is unknown
   * @throws IllegalArgumentException with a sentence for the user, when the request names no
   *     subscription and none is running
   * @throws LogUnavailableException when the log cannot be read
   */
  KnownReplay replay(ReplayRequest request, String what);

  /**
   * The replays that are remembered, the newest first: the last hundred or so; with an engine for
   * one process, those since it was opened.
   */
  List<KnownReplay> replays();

  /**
   * Hands no more deliveries to a subscription, running or idle, until {@link #resume}; across
   * restarts too. Blocks until that is on disk.
   *
   * @throws UnknownSubscriptionException when there is none of that name
   * @throws LogUnavailableException when the log cannot be written
   */
  void pause(String subscription);

  /** Ends a {@link #pause}; blocks and throws as that does. */
  void resume(String subscription);

  /**
   * Makes a subscription's waiting retries run now, as far as its lanes and concurrency allow.
   * Replays keep their pace. Blocks until that is on disk.
   *
   * @return how many there were
   * @throws UnknownSubscriptionException when there is none of that name
   * @throws LogUnavailableException when the log cannot be written
   */
  long retryNow(String subscription);

  /** Why the log cannot accept deliveries at this moment, or an empty text when it can. */
  String trouble();

  /**
   * Completes when the log has handled everything handed in before, and fails when it could not
   * write. If it does neither, the log hangs.
   */
  CompletableFuture<Void> heartbeat();

  /**
   * Flushes the outcomes known so far, and closes the files. Attempts still running are not waited
   * for; they run again at the next start.
   */
  @Override
  void close();
}

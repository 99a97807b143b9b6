package dev.caravan.log.subscription;

/** Does a subscription's work on each delivery. */
@FunctionalInterface
public interface DeliveryHandler {
  /**
   * Starts an attempt. May return before the work is done; its outcome is what any thread later
   * reports to the attempt. An exception thrown here fails the attempt.
   *
   * <p>Called on the subscription's executor, by as many threads at once as its concurrency allows.
   */
  void handle(Attempt attempt);
}

package dev.caravan.log.subscription;

/** A running subscription: a named reader of the log with its own cursor, retries, dead letters. */
public interface Subscription extends AutoCloseable {
  String name();

  /**
   * Hands out no more deliveries until {@link #resume()}, across restarts too. Attempts under way
   * run to their end. Returns when it is on disk.
   */
  void pause();

  /** Ends a {@link #pause()}. */
  void resume();

  /** The progress of the subscription at this moment. */
  SubscriptionStatus status();

  /**
   * Hands out no more deliveries. Returns at once; the outcomes of attempts still running are
   * recorded when they arrive.
   */
  @Override
  void close();
}

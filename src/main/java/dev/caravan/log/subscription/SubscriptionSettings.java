package dev.caravan.log.subscription;

import java.util.concurrent.Executor;

/**
 * What a subscription wants from the log.
 *
 * @param name unique among the running ones; the key to its cursor: a renamed subscription is a new
 *     one
 * @param filter the deliveries it wants
 * @param concurrency attempts at once, at least 1
 * @param orderBy what must run in order
 * @param strict whether a failing delivery holds up those behind it in its lane
 * @param newestOnly whether {@link Attempt#isSuperseded} will be asked
 * @param startFrom where a subscription that the log has never seen begins
 * @param retry what happens after a failure
 * @param pace how it spares its destination
 * @param executor runs the handler; the log gives it at most {@code concurrency} tasks at once
 */
public record SubscriptionSettings(
    String name,
    EventFilter filter,
    int concurrency,
    OrderBy orderBy,
    boolean strict,
    boolean newestOnly,
    StartFrom startFrom,
    RetryPolicy retry,
    Pace pace,
    Executor executor) {
  public SubscriptionSettings {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A subscription needs a name");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, was " + concurrency);
    }
  }

  /** Settings that run every delivery, at any pace. */
  public SubscriptionSettings(
      String name,
      EventFilter filter,
      int concurrency,
      OrderBy orderBy,
      boolean strict,
      StartFrom startFrom,
      RetryPolicy retry,
      Executor executor) {
    this(name, filter, concurrency, orderBy, strict, false, startFrom, retry, Pace.FREE, executor);
  }
}

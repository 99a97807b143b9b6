package dev.caravan.log.postgres.history;

import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import org.jspecify.annotations.Nullable;

/**
 * What live nodes say about a subscription.
 *
 * @param inWork on all of them
 * @param last the last attempt that failed on any
 */
record LiveRun(
    EventFilter filter, boolean strict, int inWork, Subscriptions.@Nullable Failure last) {
  /** Together with what a node says that began later. */
  LiveRun and(LiveRun other) {
    return new LiveRun(other.filter, other.strict, inWork + other.inWork, later(last, other.last));
  }

  private static Subscriptions.@Nullable Failure later(
      Subscriptions.@Nullable Failure one, Subscriptions.@Nullable Failure other) {
    return one == null || (other != null && other.at().isAfter(one.at())) ? other : one;
  }
}

package dev.caravan.log.postgres.history;

import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import org.jspecify.annotations.Nullable;

/**
 * What live nodes say about a subscription.
 *
 * @param inWork attempts running on all of them
 * @param last the newest failed attempt on any; null without one
 */
record LiveRun(
    EventFilter filter, boolean strict, int inWork, Subscriptions.@Nullable Failure last) {
  /** Combined with what a node says that joined later. */
  LiveRun and(LiveRun other) {
    return new LiveRun(other.filter, other.strict, inWork + other.inWork, later(last, other.last));
  }

  private static Subscriptions.@Nullable Failure later(
      Subscriptions.@Nullable Failure one, Subscriptions.@Nullable Failure other) {
    return one == null || (other != null && other.at().isAfter(one.at())) ? other : one;
  }
}

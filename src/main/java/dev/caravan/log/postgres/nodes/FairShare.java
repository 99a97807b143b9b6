package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.nodes.NodeTable.Runners;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.shards.Shards;
import org.jspecify.annotations.Nullable;

/**
 * This node's share of a subscription: of its shards, and of the attempts that all nodes together
 * may run. No more nodes take part than attempts are allowed.
 */
record FairShare(int shards, int attempts) {

  /**
   * Works it out, as each node does for itself.
   *
   * @param runners null when nobody has been told that this node runs the subscription
   */
  static FairShare of(@Nullable Runners runners, long node, LocalSubscription subscription) {
    return of(runners, node, subscription.id(), subscription.settings().concurrency());
  }

  static FairShare of(@Nullable Runners runners, long node, long subscription, int concurrency) {
    boolean isKnown = runners != null && runners.nodes().contains(node);
    int count = isKnown ? runners.nodes().size() : 1;
    int index = isKnown ? runners.nodes().indexOf(node) : 0;
    // As all of them reckon, or what one leaves to the others none of them would take.
    int least = isKnown ? Math.min(concurrency, runners.concurrency()) : concurrency;
    // Turned by the subscription, or the first node would have all that run on one only.
    int place = (int) Math.floorMod(index + subscription, (long) count);
    int taking = Math.min(count, Math.min(least, Shards.COUNT));
    return place >= taking
        ? new FairShare(0, 1)
        : new FairShare(part(Shards.COUNT, taking, place), part(concurrency, taking, place));
  }

  private static int part(int all, int among, int place) {
    return all / among + (place < all % among ? 1 : 0);
  }
}

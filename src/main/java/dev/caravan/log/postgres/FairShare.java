package dev.caravan.log.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a subscription is this node's: of its shards, and of the attempts that all nodes together
 * may have under way. No more nodes take part than attempts are allowed.
 */
record FairShare(int shards, int attempts) {

  /**
   * Works it out, as each node does for itself.
   *
   * @param nodes that run the subscription, in order
   */
  static FairShare of(@Nullable List<Long> nodes, long node, LocalSubscription subscription) {
    return of(nodes, node, subscription.id(), subscription.settings().concurrency());
  }

  static FairShare of(@Nullable List<Long> nodes, long node, long subscription, int concurrency) {
    int count = nodes == null || !nodes.contains(node) ? 1 : nodes.size();
    int index = nodes == null || !nodes.contains(node) ? 0 : nodes.indexOf(node);
    // Turned by the subscription, or the first node would have all that run on one only.
    int place = (int) Math.floorMod(index + subscription, (long) count);
    int taking = Math.min(count, Math.min(concurrency, Shards.COUNT));
    return place >= taking
        ? new FairShare(0, 1)
        : new FairShare(part(Shards.COUNT, taking, place), part(concurrency, taking, place));
  }

  private static int part(int all, int among, int place) {
    return all / among + (place < all % among ? 1 : 0);
  }
}

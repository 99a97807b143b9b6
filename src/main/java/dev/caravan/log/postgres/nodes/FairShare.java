package dev.caravan.log.postgres.nodes;

import dev.caravan.log.postgres.nodes.NodeTable.Runners;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.shards.Shards;
import org.jspecify.annotations.Nullable;

/**
 * This node's share of a subscription: of its shards, and of its concurrency. No more nodes take
 * part than attempts are allowed at once.
 */
record FairShare(int shards, int attempts) {

  /**
   * Computes it, as each node does for itself.
   *
   * @param runners null when the database knows no node that runs the subscription
   */
  static FairShare of(@Nullable Runners runners, long node, LocalSubscription subscription) {
    return of(runners, node, subscription.id(), subscription.settings().concurrency());
  }

  static FairShare of(@Nullable Runners runners, long node, long subscription, int concurrency) {
    boolean isKnown = runners != null && runners.nodes().contains(node);
    int count = isKnown ? runners.nodes().size() : 1;
    int index = isKnown ? runners.nodes().indexOf(node) : 0;
    // The same for all: otherwise no node would take what one leaves to the others.
    int least = isKnown ? Math.min(concurrency, runners.concurrency()) : concurrency;
    // Rotated by subscription: otherwise the first node would get all that run on only one.
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

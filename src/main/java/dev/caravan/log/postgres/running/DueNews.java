package dev.caravan.log.postgres.running;

import dev.caravan.log.postgres.database.Waker;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.HeldShard;

/**
 * Tells the node that runs a shard, this or another, that others have changed what is due in it.
 */
public final class DueNews implements DueChanges.Listener {
  private final LocalSubscriptions subscriptions;
  private final Waker waker;
  private final ShardCatchUp catchUp;

  public DueNews(LocalSubscriptions subscriptions, Waker waker, ShardCatchUp catchUp) {
    this.subscriptions = subscriptions;
    this.waker = waker;
    this.catchUp = catchUp;
  }

  @Override
  public void dueChanged(long subscription, int shard) {
    HeldShard held = subscriptions.held(subscription, shard);
    if (held != null) {
      held.dispatcher().dueChanged();
      catchUp.serve(
          held.dispatcher()); // a redelivery begins anew before what is appended next begins
    } else {
      waker.tell(Waker.DUE + subscription + " " + shard);
    }
  }

  /** Handles another node's news; false when it is about something else. */
  public boolean hear(String news) {
    if (!news.startsWith(Waker.DUE)) {
      return false;
    }
    String[] shard = news.substring(Waker.DUE.length()).split(" ", 2);
    HeldShard held = subscriptions.held(Long.parseLong(shard[0]), Integer.parseInt(shard[1]));
    if (held != null) {
      held.dispatcher().dueChanged();
    }
    return true;
  }
}

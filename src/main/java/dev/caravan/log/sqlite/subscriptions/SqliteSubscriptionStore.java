package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.reading.ReadingStore;
import dev.caravan.log.reading.RecentDeliveries;
import dev.caravan.log.sqlite.commit.Committer;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import dev.caravan.log.tables.StoredSubscription;
import java.util.function.Supplier;

/** What subscriptions that run in this process get from the log. */
public final class SqliteSubscriptionStore extends ReadingStore {
  private final CatchUp catchUp;
  private final Committer committer;
  private final Supplier<String> trouble;

  public SqliteSubscriptionStore(
      Readers readers,
      RecentDeliveries recent,
      ReadFailures failures,
      CatchUp catchUp,
      Committer committer,
      Supplier<String> trouble) {
    super(readers, recent, failures);
    this.catchUp = catchUp;
    this.committer = committer;
    this.trouble = trouble;
  }

  @Override
  public void requestReading(RunningSubscription subscription) {
    catchUp.request(subscription);
  }

  @Override
  public void outcomeWaiting(boolean urgent) {
    committer.outcomeWaiting(urgent);
  }

  @Override
  public void setPaused(String subscription, boolean paused) {
    if (!committer.run(writer -> writer.subscriptions().pause(subscription, paused))) {
      throw new UnknownSubscriptionException(
          subscription,
          committer.run(writer -> writer.subscriptions().all()).stream()
              .map(StoredSubscription::name)
              .toList());
    }
  }

  @Override
  public String trouble() {
    return trouble.get();
  }
}

package dev.caravan.log.dispatch;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.OrderBy;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in which there is an empty push at every position, for tests that say all else. */
public abstract class StoreOfPushes implements SubscriptionStore {
  @Override
  public Delivery load(long position) throws UnreadableException {
    return new Delivery(
        Long.toString(position),
        "push",
        Delivery.Subject.NONE,
        Instant.EPOCH,
        Map.of(),
        Delivery.Encoding.JSON,
        new byte[0]);
  }

  @Override
  public @Nullable String guidAt(long position) {
    return null;
  }

  @Override
  public long askedForAgainAt(long subscription, long position, int turns) {
    return Long.MIN_VALUE;
  }

  @Override
  public Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException {
    return new Stretch(after + 1, Map.of());
  }

  @Override
  public void requestReading(RunningSubscription asking) {}

  @Override
  public void outcomeWaiting(boolean urgent) {}

  @Override
  public void setPaused(String name, boolean paused) {}

  @Override
  public String trouble() {
    return "";
  }
}

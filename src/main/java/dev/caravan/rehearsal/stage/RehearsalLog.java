package dev.caravan.rehearsal.stage;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A log that keeps no delivery and no subscription: it only knows who would be handed what. */
public final class RehearsalLog implements DeliveryLog {
  private final Map<String, Reader> readers = new ConcurrentHashMap<>();

  /** Who has subscribed. */
  public record Reader(SubscriptionSettings settings, DeliveryHandler handler) {}

  /** That subscription; null when nobody has it. */
  public @Nullable Reader reader(String subscription) {
    return readers.get(subscription);
  }

  @Override
  public void sendersWait() {
    // nobody is held back here
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    readers.put(settings.name(), new Reader(settings, handler));
    return new Subscribed(settings.name());
  }

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    return CompletableFuture.failedFuture(refused());
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    throw refused();
  }

  @Override
  public List<KnownReplay> replays() {
    throw refused();
  }

  @Override
  public void pause(String subscription) {
    throw refused();
  }

  @Override
  public void resume(String subscription) {
    throw refused();
  }

  @Override
  public long retryNow(String subscription) {
    throw refused();
  }

  @Override
  public String trouble() {
    return "";
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    readers.clear();
  }

  private static LogUnavailableException refused() {
    return new LogUnavailableException("A rehearsal has no delivery log", null);
  }

  private final class Subscribed implements Subscription {
    private final String name;

    Subscribed(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void pause() {
      // it is handed only what it should be handed
    }

    @Override
    public void resume() {
      // likewise
    }

    @Override
    public SubscriptionStatus status() {
      return new SubscriptionStatus(name, 0, 0, false, false);
    }

    @Override
    public void close() {
      readers.remove(name);
    }
  }
}

package dev.caravan.webhook;

import dev.caravan.log.Attempt;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.Receipt;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.SubscriptionStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A delivery log that forgets everything when closed and notes whatever it is told, repetitions
 * included. Keeps no order and no limit of concurrency.
 */
public final class MemoryDeliveryLog implements DeliveryLog {
  /** What an attempt was told. */
  public record Told(String subscription, String guid, int attempt, @Nullable Throwable error) {
    public boolean success() {
      return error == null;
    }
  }

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<Told> told = new CopyOnWriteArrayList<>();

  /** GUIDs of attempts that were stopped from outside. */
  final List<String> cutOff = new CopyOnWriteArrayList<>();

  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Map<String, Integer> firstDelivery = new ConcurrentHashMap<>();
  private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor();

  public List<Told> told() {
    return List.copyOf(told);
  }

  public SubscriptionSettings settings(String subscription) {
    return running.get(subscription).settings;
  }

  public boolean isRunning(String subscription) {
    return running.containsKey(subscription);
  }

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    deliveries.add(delivery);
    String position = "memory-" + deliveries.size();
    running.values().forEach(subscription -> subscription.offer(delivery, position, 1));
    return CompletableFuture.completedFuture(new Receipt(delivery.guid(), position));
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    Running subscription = new Running(settings, handler);
    if (running.putIfAbsent(settings.name(), subscription) != null) {
      throw new IllegalStateException("Subscription '" + settings.name() + "' is running");
    }
    int first = firstDelivery.computeIfAbsent(settings.name(), name -> deliveries.size());
    for (int index = first; index < deliveries.size(); index++) {
      subscription.offer(deliveries.get(index), "memory-" + (index + 1), 1);
    }
    return subscription;
  }

  @Override
  public Replay replay(ReplayRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void pause(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String trouble() {
    return "";
  }

  @Override
  public void close() {
    retries.shutdownNow();
  }

  private final class Running implements Subscription {
    private final SubscriptionSettings settings;
    private final DeliveryHandler handler;

    Running(SubscriptionSettings settings, DeliveryHandler handler) {
      this.settings = settings;
      this.handler = handler;
    }

    void offer(Delivery delivery, String position, int number) {
      if (running.get(name()) != this
          || !settings.filter().wants(delivery.event(), delivery.subject().action())
          || !settings.filter().wantsRepository(delivery.subject().repository())
          || told.stream()
              .anyMatch(
                  done ->
                      done.success()
                          && done.subscription().equals(name())
                          && done.guid().equals(delivery.guid()))) {
        return;
      }
      MemoryAttempt attempt = new MemoryAttempt(this, delivery, position, number);
      settings
          .executor()
          .execute(
              () -> {
                try {
                  handler.handle(attempt);
                } catch (RuntimeException e) {
                  attempt.failed(e);
                }
              });
    }

    @Override
    public String name() {
      return settings.name();
    }

    @Override
    public void pause() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SubscriptionStatus status() {
      return new SubscriptionStatus(name(), 0, 0, false, false);
    }

    @Override
    public void close() {
      running.remove(name(), this);
    }
  }

  private final class MemoryAttempt implements Attempt {
    private final Running subscription;
    private final Delivery delivery;
    private final String position;
    private final int number;

    MemoryAttempt(Running subscription, Delivery delivery, String position, int number) {
      this.subscription = subscription;
      this.delivery = delivery;
      this.position = position;
      this.number = number;
    }

    @Override
    public Delivery delivery() {
      return delivery;
    }

    @Override
    public String position() {
      return position;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public void succeeded() {
      told.add(new Told(subscription.name(), delivery.guid(), number, null));
    }

    @Override
    public void failedForGood(Throwable cause) {
      told.add(new Told(subscription.name(), delivery.guid(), number, cause));
    }

    @Override
    public void cutOff() {
      cutOff.add(delivery.guid());
    }

    @Override
    public void failed(Throwable cause) {
      told.add(new Told(subscription.name(), delivery.guid(), number, cause));
      if (subscription.settings.retry().allowsAnotherAfter(number)) {
        var unused =
            retries.schedule(
                () -> subscription.offer(delivery, position, number + 1),
                subscription.settings.retry().delay().toMillis(),
                TimeUnit.MILLISECONDS);
      }
    }
  }
}

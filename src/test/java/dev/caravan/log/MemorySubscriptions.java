package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog.Told;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The subscriptions of a log in memory, and what their attempts were told. */
final class MemorySubscriptions {
  private final List<Told> told = new CopyOnWriteArrayList<>();

  /** GUIDs of attempts that were stopped from outside. */
  private final List<String> cutOff = new CopyOnWriteArrayList<>();

  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Map<String, Integer> firstDelivery = new ConcurrentHashMap<>();
  private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor();
  private int offered;

  /** Offers a new delivery to those that run; returns its position. */
  String offer(Delivery delivery) {
    String position = "memory-" + ++offered;
    running.values().forEach(subscription -> subscription.offer(delivery, position, 1));
    return position;
  }

  /** Starts one, with what has come since it was first started. */
  Subscription start(
      SubscriptionSettings settings, DeliveryHandler handler, Collection<Delivery> deliveries) {
    Running subscription = new Running(settings, handler);
    if (running.putIfAbsent(settings.name(), subscription) != null) {
      throw new IllegalStateException("Subscription '" + settings.name() + "' is running");
    }
    int first = firstDelivery.computeIfAbsent(settings.name(), name -> deliveries.size());
    int index = 0;
    for (Delivery delivery : deliveries) {
      if (index++ >= first) {
        subscription.offer(delivery, "memory-" + index, 1);
      }
    }
    return subscription;
  }

  List<Told> told() {
    return List.copyOf(told);
  }

  List<String> cutOff() {
    return List.copyOf(cutOff);
  }

  SubscriptionSettings settings(String subscription) {
    return running.get(subscription).settings;
  }

  boolean isRunning(String subscription) {
    return running.containsKey(subscription);
  }

  void close() {
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
    public boolean isSuperseded() {
      return false;
    }

    @Override
    public void superseded() {
      succeeded();
    }

    @Override
    public void notWanted() {
      succeeded();
    }

    @Override
    public void failedForGood(Throwable cause) {
      told.add(new Told(subscription.name(), delivery.guid(), number, cause, true));
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

package dev.caravan.log;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log that keeps deliveries in memory, answers from a thread of its own as the real one does, and
 * fails when it is told to. Keeps no order and no limit of concurrency.
 */
public final class MemoryDeliveryLog implements DeliveryLog {
  /** What an attempt was told. */
  public record Told(
      String subscription, String guid, int attempt, @Nullable Throwable error, boolean isForGood) {
    public Told(String subscription, String guid, int attempt, @Nullable Throwable error) {
      this(subscription, guid, attempt, error, false);
    }

    public boolean success() {
      return error == null;
    }
  }

  private final ExecutorService committer = Executors.newSingleThreadExecutor();
  private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final AtomicInteger appends = new AtomicInteger();
  private final MemorySubscriptions subscriptions = new MemorySubscriptions();
  private volatile boolean isHolding;
  private volatile @Nullable Supplier<RuntimeException> failure;
  private volatile @Nullable Supplier<Error> thrown;

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    appends.incrementAndGet();
    Supplier<Error> throwing = thrown;
    if (throwing != null) {
      throw throwing.get();
    }
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    Runnable commit = () -> committer.execute(() -> commit(delivery, receipt));
    if (isHolding) {
      held.add(commit);
    } else {
      commit.run();
    }
    return receipt;
  }

  private synchronized void commit(Delivery delivery, CompletableFuture<Receipt> receipt) {
    Supplier<RuntimeException> failing = failure;
    if (failing != null) {
      receipt.completeExceptionally(failing.get());
    } else {
      deliveries.add(delivery);
      receipt.complete(new Receipt(delivery.guid(), subscriptions.offer(delivery)));
    }
  }

  @Override
  public void sendersWait() {
    // nobody is held back here
  }

  @Override
  public synchronized Subscription subscribe(
      SubscriptionSettings settings, DeliveryHandler handler) {
    return subscriptions.start(settings, handler, deliveries);
  }

  /** What attempts were told, in that order, repetitions included. */
  public List<Told> told() {
    return subscriptions.told();
  }

  /** GUIDs of attempts that were stopped from outside. */
  public List<String> cutOff() {
    return subscriptions.cutOff();
  }

  public SubscriptionSettings settings(String subscription) {
    return subscriptions.settings(subscription);
  }

  public boolean isRunning(String subscription) {
    return subscriptions.isRunning(subscription);
  }

  /** Every append fails from now on, until null is said. */
  public void fail(@Nullable Supplier<RuntimeException> with) {
    failure = with;
  }

  /** Every append throws from now on, until null is said. */
  public void raise(@Nullable Supplier<Error> error) {
    thrown = error;
  }

  /** Nothing is committed from now on, until {@link #commitHeld}. */
  public void hold() {
    isHolding = true;
  }

  public void commitHeld() {
    isHolding = false;
    for (Runnable commit = held.poll(); commit != null; commit = held.poll()) {
      commit.run();
    }
  }

  public int appends() {
    return appends.get();
  }

  /** The delivery of that GUID; there must be one. */
  public Delivery delivery(String guid) {
    return deliveries.stream()
        .filter(delivery -> delivery.guid().equals(guid))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The log has no delivery " + guid));
  }

  public boolean has(String guid) {
    return deliveries.stream().anyMatch(delivery -> delivery.guid().equals(guid));
  }

  /** Lets go of a large one. */
  public void forget(String guid) {
    deliveries.removeIf(delivery -> delivery.guid().equals(guid));
  }

  /** Lets go of all there are, and returns them. */
  public List<Delivery> takeAll() {
    List<Delivery> all = new ArrayList<>();
    for (Delivery next = deliveries.poll(); next != null; next = deliveries.poll()) {
      all.add(next);
    }
    return all;
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<KnownReplay> replays() {
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
  public long retryNow(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String trouble() {
    Supplier<RuntimeException> failing = failure;
    return failing == null ? "" : String.valueOf(failing.get().getMessage());
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.runAsync(() -> {}, committer);
  }

  @Override
  public void close() {
    committer.shutdown();
    subscriptions.close();
  }
}

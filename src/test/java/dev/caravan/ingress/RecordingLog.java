package dev.caravan.ingress;

import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.Receipt;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A log that keeps deliveries in memory, and answers from a thread of its own as the real one. */
final class RecordingLog implements DeliveryLog {
  private final ExecutorService committer = Executors.newSingleThreadExecutor();
  private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final AtomicInteger appends = new AtomicInteger();
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

  private void commit(Delivery delivery, CompletableFuture<Receipt> receipt) {
    Supplier<RuntimeException> failing = failure;
    if (failing != null) {
      receipt.completeExceptionally(failing.get());
    } else {
      deliveries.add(delivery);
      receipt.complete(new Receipt(delivery.guid(), "1"));
    }
  }

  /** Every append fails from now on, until null is said. */
  void fail(@Nullable Supplier<RuntimeException> with) {
    failure = with;
  }

  /** Every append throws from now on, until null is said. */
  void raise(@Nullable Supplier<Error> error) {
    thrown = error;
  }

  /** Nothing is committed from now on, until {@link #commitHeld}. */
  void hold() {
    isHolding = true;
  }

  void commitHeld() {
    isHolding = false;
    for (Runnable commit = held.poll(); commit != null; commit = held.poll()) {
      commit.run();
    }
  }

  int appends() {
    return appends.get();
  }

  /** The delivery of that GUID; there must be one. */
  Delivery delivery(String guid) {
    return deliveries.stream()
        .filter(delivery -> delivery.guid().equals(guid))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The log has no delivery " + guid));
  }

  /** Lets go of a large one. */
  void forget(String guid) {
    deliveries.removeIf(delivery -> delivery.guid().equals(guid));
  }

  boolean has(String guid) {
    return deliveries.stream().anyMatch(delivery -> delivery.guid().equals(guid));
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    throw new UnsupportedOperationException("The ingress does not subscribe");
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
    committer.shutdown();
  }
}

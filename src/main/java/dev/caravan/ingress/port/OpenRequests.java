package dev.caravan.ingress.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the requests between head and answer: closing waits for the last. */
final class OpenRequests {
  private final AtomicInteger requests = new AtomicInteger();
  private volatile @Nullable CompletableFuture<Void> closing;
  private volatile boolean leaving;

  void started() {
    requests.incrementAndGet();
  }

  void ended() {
    CompletableFuture<Void> waiting = closing;
    if (requests.decrementAndGet() == 0 && waiting != null) {
      waiting.complete(null);
    }
  }

  /** Whether new requests must be sent away. */
  boolean isClosing() {
    return closing != null;
  }

  /** Whether an answer must be the last on its connection. */
  boolean endConnections() {
    return leaving || isClosing();
  }

  /** Makes each connection end with its next answer. */
  void leave() {
    leaving = true;
  }

  /** Makes new requests be sent away, and waits for those under way. */
  void drain(Duration atMost) {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    closing = waiting;
    if (requests.get() == 0) {
      waiting.complete(null);
    }
    waiting.completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** Takes new requests again. */
  void reopen() {
    closing = null;
    leaving = false;
  }
}

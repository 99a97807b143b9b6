package dev.caravan.ingress.port;

import dev.caravan.network.LoopConnections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

/**
 * Waits, when another program takes over the port, for what clients are still owed: an answer, a
 * moment to send their first request, or over HTTP/2 a last one.
 */
final class LastRequests {
  /** The other program waits meanwhile. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final List<EventLoop> loops;

  LastRequests(List<EventLoop> loops) {
    this.loops = loops;
  }

  /**
   * Waits for clients that keep a connection to use it once more and learn that it ends; then
   * closes those that can be told without an answer.
   */
  void awaitOnKeptConnections(Duration atMost) {
    awaitNone(LoopConnections::kept, atMost);
    loops.forEach(loop -> loop.execute(loop.connections()::sendAway));
  }

  /** Waits until nobody is owed anything; what still comes over HTTP/2 is ignored then. */
  void awaitAnswers() {
    awaitNone(connections -> connections.owed(PATIENCE), PATIENCE);
    loops.forEach(loop -> loop.execute(loop.connections()::sayWhichWasLast));
  }

  private void awaitNone(ToIntFunction<LoopConnections> left, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (count(left) > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private int count(ToIntFunction<LoopConnections> what) {
    return loops.stream()
        .map(loop -> CompletableFuture.supplyAsync(() -> what.applyAsInt(loop.connections()), loop))
        .toList()
        .stream()
        .mapToInt(CompletableFuture::join)
        .sum();
  }
}

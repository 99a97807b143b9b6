package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers with bodies and payloads, for all who ask: a few at a time, since one may take 75 MiB and
 * is in memory until the client has it. For the event loop.
 */
public final class LargeAnswers {
  private final Semaphore free = new Semaphore(2);
  private final Lock one = new ReentrantLock(true);
  private final Vertx vertx;
  private final Duration patience;

  /**
   * @param patience how long a client may read nothing of one
   */
  LargeAnswers(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
  }

  /**
   * Works with bodies in memory of which little gets into the answer; waits until nobody else does.
   * Runs on a worker thread, where no client can make it take long.
   */
  public <T> T alone(Supplier<T> work) {
    one.lock();
    try {
      return work.get();
    } finally {
      one.unlock();
    }
  }

  /**
   * Sends what the question gives.
   *
   * @param question asked on a worker thread
   * @param headers adds those of the answer, once there is one
   * @throws RefusedException while others fill the memory for such answers
   */
  public void send(
      RoutingContext context, Callable<byte[]> question, Consumer<HttpServerResponse> headers) {
    if (!free.tryAcquire()) {
      throw new RefusedException(
          503, "Two other bodies are being sent at the moment. Try again in a moment.");
    }
    context.addEndHandler(ended -> free.release());
    vertx
        .executeBlocking(question, false)
        .onSuccess(
            bytes -> {
              headers.accept(context.response().putHeader("Cache-Control", "no-store"));
              PiecewiseAnswer.send(context, bytes, patience);
            })
        .onFailure(context::fail);
  }
}

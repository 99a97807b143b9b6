package dev.caravan.server;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that is started on a thread of its own, while others are. */
final class Meanwhile<T extends AutoCloseable> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  private final FutureTask<T> start;

  private Meanwhile(Callable<T> start) {
    this.start = new FutureTask<>(start);
  }

  /** Begins to start one. */
  static <T extends AutoCloseable> Meanwhile<T> start(String name, Callable<T> start) {
    Meanwhile<T> part = new Meanwhile<>(start);
    new Thread(part.start, "start-" + name).start();
    return part;
  }

  /** The part, once it is started; throws what its start did. */
  T get() throws Exception {
    try {
      return start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception exception ? exception : e;
    }
  }

  /** Stops it, as soon as it is started. */
  @Override
  public void close() {
    try (StartedParts parts = new StartedParts()) {
      parts.add(start.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      LOG.debug("There is nothing to stop", e); // whoever wanted it was told
    }
  }
}

package dev.caravan.ingress.port;

import dev.caravan.config.OutOfMemory;
import dev.caravan.network.LoopConnections;
import io.vertx.core.Context;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: the way back to it from other threads, and the things it watches.
 *
 * <p>The log's committer completes hundreds of deliveries at a time. The loop is woken only for the
 * first and finds the others in the queue: each waking costs a system call.
 */
final class EventLoop implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  private final Context context;
  private final LoopConnections connections;
  private final Thread thread;
  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Set<HasDeadline> watched = new LinkedHashSet<>();

  /** Must be called on the loop's own thread. */
  EventLoop(Context context) {
    this.context = context;
    this.connections = new LoopConnections(context);
    this.thread = Thread.currentThread();
  }

  /** The connections it serves; to be used on the loop itself. */
  LoopConnections connections() {
    return connections;
  }

  /** Runs the work on the loop, after what it is doing now. */
  @Override
  public void execute(Runnable work) {
    ready.add(work);
    if (!woken.getAndSet(true)) {
      context.runOnContext(ignored -> runReady());
    }
  }

  /** Runs the work at once when this is the loop's thread, else as {@link #execute} does. */
  void run(Runnable work) {
    if (Thread.currentThread() == thread) {
      work.run();
    } else {
      execute(work);
    }
  }

  /** Runs work that would hold up the other connections of the loop on another thread. */
  void runOnWorker(Runnable work) {
    context
        .executeBlocking(
            () -> {
              work.run();
              return "done";
            },
            false)
        .onFailure(
            failure -> {
              OutOfMemory.endsProgram(failure);
              LOG.error("Work on a large body failed", failure);
            });
  }

  void watch(HasDeadline one) {
    watched.add(one);
  }

  void unwatch(HasDeadline one) {
    watched.remove(one);
  }

  void check(long now) {
    if (!watched.isEmpty()) {
      for (HasDeadline one : watched.toArray(HasDeadline[]::new)) {
        one.check(now);
      }
    }
  }

  private void runReady() {
    woken.set(false);
    for (Runnable work = ready.poll(); work != null; work = ready.poll()) {
      try {
        work.run();
      } catch (RuntimeException | OutOfMemoryError e) {
        OutOfMemory.endsProgram(e);
        LOG.error("An answer could not be given", e);
      }
    }
  }
}

package dev.caravan.rehearsal.stage;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.support.DefaultThreadPoolFactory;

/** Camel's thread pools, which here know whether they have work left: from a wire tap, say. */
final class CountedTasks extends DefaultThreadPoolFactory {
  private final AtomicInteger underWay = new AtomicInteger();

  /** How many tasks have not ended, those that only wait for messages left out. */
  int underWay() {
    return underWay.get();
  }

  @Override
  public ExecutorService newCachedThreadPool(ThreadFactory threadFactory) {
    return new Counted(super.newCachedThreadPool(threadFactory));
  }

  @Override
  public ExecutorService newThreadPool(
      int corePoolSize,
      int maxPoolSize,
      long keepAliveTime,
      TimeUnit timeUnit,
      int maxQueueSize,
      boolean allowCoreThreadTimeOut,
      RejectedExecutionHandler rejectedExecutionHandler,
      ThreadFactory threadFactory) {
    return new Counted(
        super.newThreadPool(
            corePoolSize,
            maxPoolSize,
            keepAliveTime,
            timeUnit,
            maxQueueSize,
            allowCoreThreadTimeOut,
            rejectedExecutionHandler,
            threadFactory));
  }

  private final class Counted extends AbstractExecutorService {
    private final ExecutorService pool;

    Counted(ExecutorService pool) {
      this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
      if (task instanceof Consumer) { // polls a queue for as long as it lives
        pool.execute(task);
        return;
      }
      underWay.incrementAndGet();
      try {
        pool.execute(
            () -> {
              try {
                task.run();
              } finally {
                underWay.decrementAndGet();
              }
            });
      } catch (RuntimeException | Error e) {
        underWay.decrementAndGet();
        throw e;
      }
    }

    @Override
    public void shutdown() {
      pool.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
      List<Runnable> left = pool.shutdownNow();
      underWay.addAndGet(-left.size());
      return left;
    }

    @Override
    public boolean isShutdown() {
      return pool.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return pool.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return pool.awaitTermination(timeout, unit);
    }
  }
}

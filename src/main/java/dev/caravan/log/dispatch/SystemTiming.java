package dev.caravan.log.dispatch;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's time and processor, and a thread for work to be done later. */
public final class SystemTiming implements Timing, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final double BUSY = 0.9;

  /**
   * A busy processor counts as busy until it clearly has room: otherwise the work that was held
   * back would return in full at each flush that senders wait for.
   */
  private static final double STILL_BUSY = 0.6;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final @Nullable CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private volatile boolean busy;
  private long usedBefore = machine.getProcessCpuTime();
  private long lookedAt = nanos();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-timer"));

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void later(long millis, Runnable work) {
    try {
      Future<?> unused = timer.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Not scheduled: the delivery log is closed");
    }
  }

  @Override
  public long threadNanos() {
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }

  @Override
  public long compilingNanos() {
    return compilation == null // Java only interprets
        ? 0
        : TimeUnit.MILLISECONDS.toNanos(compilation.getTotalCompilationTime());
  }

  @Override
  public boolean isProcessorBusy() {
    double load = Math.max(machine.getCpuLoad(), ownLoad());
    busy = load >= (busy ? STILL_BUSY : BUSY);
    return busy;
  }

  /** Where others may use more processors than this program may, it is busy though they rest. */
  private synchronized double ownLoad() {
    long used = machine.getProcessCpuTime();
    long now = nanos();
    double passed = (double) (now - lookedAt) * Runtime.getRuntime().availableProcessors();
    double load = (used - usedBefore) / passed;
    usedBefore = used;
    lookedAt = now;
    return load;
  }

  @Override
  public RandomGenerator random() {
    return ThreadLocalRandom.current();
  }

  /** Drops the work that was to be done later. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}

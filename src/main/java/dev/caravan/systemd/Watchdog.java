package dev.caravan.systemd;

import dev.caravan.config.OutOfMemory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the program is alive, three times within the time that it waits, as long as
 * the threads that do the work answer. When it hears nothing for that time, systemd kills the
 * program and starts it again.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.systemd");
  private static final int TIMES = 3;

  private final ServiceManager manager;
  private final Supplier<CompletableFuture<Void>> heartbeat;
  private final Supplier<String> trouble;
  private final Duration interval;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "systemd-watchdog");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param heartbeat asks the threads that do the work for an answer; a failed one counts too
   * @param trouble why deliveries are not accepted at the moment, or an empty text
   */
  public Watchdog(
      ServiceManager manager,
      Supplier<CompletableFuture<Void>> heartbeat,
      Supplier<String> trouble) {
    this.manager = manager;
    this.heartbeat = heartbeat;
    this.trouble = trouble;
    this.interval = manager.watchdog().dividedBy(TIMES);
  }

  /** Begins, when systemd waits for it. */
  public void start() {
    if (!interval.isZero()) {
      Future<?> unused =
          thread.scheduleAtFixedRate(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    try {
      heartbeat.get().get(interval.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.error(
          "An event loop or the delivery log's committer has not answered for {} s. Unless it does, systemd kills this program {} s after its last sign of life, and starts another.",
          interval.toSeconds(),
          interval.multipliedBy(TIMES).toSeconds());
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (ExecutionException | CompletionException e) {
      // A log that cannot be written, say: a restart would not help, and it is reported elsewhere.
    } catch (RuntimeException | Error e) { // or the schedule would end
      failed(e);
    }
    manager.alive(troubleNow());
  }

  private String troubleNow() {
    try {
      return trouble.get();
    } catch (RuntimeException | Error e) { // the threads that do the work have answered
      failed(e);
      return "";
    }
  }

  private static void failed(Throwable failure) {
    OutOfMemory.endsProgram(failure);
    LOG.error("The watch for systemd failed. It continues.", failure);
  }
}

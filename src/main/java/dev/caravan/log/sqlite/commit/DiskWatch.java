package dev.caravan.log.sqlite.commit;

import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.sqlite.file.OpenFiles;
import dev.caravan.log.state.LogCounters;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what the committer itself cannot: that it waits for the disk, and that the files
 * disappeared while nothing was written.
 */
public final class DiskWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long INTERVAL_MILLIS = 250;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(3); // GitHub waits ten

  private final Committer committer;
  private final OpenFiles files;
  private final RunningSubscriptions running;
  private final LogCounters counters;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "delivery-log-watch"));
  private long longest;
  private volatile boolean slow;

  public DiskWatch(
      Committer committer, OpenFiles files, RunningSubscriptions running, LogCounters counters) {
    this.committer = committer;
    this.files = files;
    this.running = running;
    this.counters = counters;
  }

  public void start() {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::look, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Why nothing can be written now, or that writing takes too long, or an empty text. */
  public String trouble() {
    String trouble = committer.trouble();
    return !trouble.isEmpty()
        ? trouble
        : slow ? "the disk has not completed a write for %d s".formatted(seconds(longest)) : "";
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    try {
      long waiting = committer.longestWait();
      if (waiting >= LONG_NANOS) {
        isSlow(waiting);
      } else if (slow) {
        isFastAgain();
      }
      if (waiting == 0 && committer.trouble().isEmpty()) {
        lookAtFiles();
      }
    } catch (RuntimeException | Error e) { // an exception would end the schedule
      LOG.error("The watch on the delivery log failed. It continues.", e);
    }
  }

  private void isSlow(long waiting) {
    longest = waiting;
    if (!slow) {
      slow = true;
      counters.slowWrites.increment();
      LOG.error(
          "The delivery log waits for the disk: a write has taken {} s so far, and deliveries wait with it. GitHub gives up after 10 s; from then on new ones are answered 503. Look at the disk and what else uses it.",
          seconds(waiting));
    }
  }

  private void isFastAgain() {
    slow = false;
    LOG.info(
        "The delivery log's disk has completed the write, which took over {} s.", seconds(longest));
    running.forEach(RunningSubscription::start); // they have run nothing meanwhile
  }

  private void lookAtFiles() {
    try {
      files.check();
    } catch (SQLException e) {
      committer.outcomeWaiting(true); // it checks again itself, and reports it
    }
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }
}

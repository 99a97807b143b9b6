package dev.caravan.github.recovery;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which the running program asks GitHub. */
public final class AskingThread {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.github");
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private AskingThread() {}

  /** Ends it, and waits a moment for it to finish. */
  public static void end(ExecutorService thread) {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("GitHub is still being queried; stopping anyway.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.caravan.log.postgres;

import dev.caravan.logging.ErrorSentence;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the log cannot be read, once a minute: many threads may find the same, all the time.
 */
final class ReadFailures {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private long complainAt = System.nanoTime();

  /** Something could not be read. */
  synchronized void met(Throwable cause) {
    long now = System.nanoTime();
    if (now - complainAt >= 0) {
      complainAt = now + MINUTE;
      LOG.error("The delivery log cannot be read: {}. Trying again.", ErrorSentence.of(cause));
      LOG.debug("The delivery log cannot be read", cause);
    }
  }
}

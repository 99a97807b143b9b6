package dev.caravan.log.reading;

import dev.caravan.log.content.DamagedContentException;
import dev.caravan.logging.ErrorSentence;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the log cannot be read, at most once a minute: many threads may notice it all the
 * time. Safe for use by many threads.
 */
public class ReadFailures {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private long complainAt = System.nanoTime();

  /** Something could not be read. */
  public final synchronized void met(Throwable cause) {
    long now = System.nanoTime();
    String sentence = sentence(cause);
    if (sentence != null && now - complainAt >= 0) {
      complainAt = now + MINUTE;
      LOG.error(sentence);
      LOG.debug("The delivery log cannot be read", cause);
    }
  }

  /** Whether trying again after such a failure is of no use. */
  protected boolean isForGood(Throwable cause) {
    return cause instanceof DamagedContentException;
  }

  /** What to log; null when it is logged elsewhere. */
  protected @Nullable String sentence(Throwable cause) {
    return "The delivery log cannot be read: " + ErrorSentence.of(cause) + ". Trying again.";
  }
}

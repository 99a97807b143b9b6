package dev.caravan.log.sqlite;

import dev.caravan.logging.ErrorSentence;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the log cannot be read, once a minute: many threads may find the same, all the time.
 */
final class ReadFailures {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Path file;
  private volatile long complainAt = System.nanoTime();

  ReadFailures(Path file) {
    this.file = file;
  }

  /** Something could not be read. Of a damaged file the committer says it. */
  void met(Throwable cause) {
    long now = System.nanoTime();
    if (now - complainAt >= 0 && !Damage.isOfTheFile(cause)) {
      complainAt = now + MINUTE;
      LOG.error(
          Damage.is(cause)
              ? Damage.sentence(file, String.valueOf(cause.getMessage()))
              : "The delivery log cannot be read: " + ErrorSentence.of(cause) + ". Trying again.");
    }
  }
}

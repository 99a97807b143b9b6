package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.sqlite.file.Damage;
import dev.caravan.log.sqlite.file.LogFileException;
import dev.caravan.logging.ErrorSentence;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the log cannot be written; reported once when it begins and once when it is over. Set by the
 * committer, read by any thread.
 */
final class WriteTrouble {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final String UNEXPECTED = "writing failed in an unexpected way";

  private final Path file;
  private volatile String sentence = "";

  WriteTrouble(Path file) {
    this.file = file;
  }

  boolean isThere() {
    return !sentence.isEmpty();
  }

  /** What is wrong, as part of a sentence, or an empty text. */
  String sentence() {
    return sentence;
  }

  /** Trouble begins or continues, for this cause; returns whether all was well before. */
  boolean begin(Throwable cause) {
    boolean isNew = !isThere();
    sentence = sentence(cause);
    return isNew;
  }

  /** The handling of a failure has failed itself. */
  LogUnavailableException beginUnexpected() {
    sentence = UNEXPECTED;
    return new LogUnavailableException("The delivery log: " + UNEXPECTED);
  }

  /** The exception for those whose parts were not written. */
  LogUnavailableException unavailable(Throwable cause) {
    return new LogUnavailableException("The delivery log cannot be written: " + sentence, cause);
  }

  void report(Throwable cause) {
    String line =
        "The delivery log cannot be written: %s. Deliveries are answered 503 and none is handed to routes until it can."
            .formatted(sentence(cause));
    if (Damage.is(cause)) {
      LOG.error("{} {}", line, Damage.sentence(file, ErrorSentence.of(cause)));
    } else if (cause instanceof SQLException) {
      LOG.error(line);
    } else {
      LOG.error(line, cause); // a fault of this program
    }
  }

  /** A write has succeeded; returns whether that ends trouble. */
  boolean end() {
    if (!isThere()) {
      return false;
    }
    LOG.info("The delivery log can be written again.");
    sentence = "";
    return true;
  }

  private static String sentence(Throwable cause) {
    String message = cause instanceof LogFileException ? cause.getMessage() : null;
    return message == null ? ErrorSentence.of(cause) : message;
  }
}

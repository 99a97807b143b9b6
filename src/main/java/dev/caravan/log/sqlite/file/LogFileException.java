package dev.caravan.log.sqlite.file;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The log's file cannot be written to in its present state; the message is part of a sentence for
 * the user.
 */
public final class LogFileException extends SQLException {
  private static final long serialVersionUID = 1L;

  LogFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.caravan.log.sqlite.directory;

/** Another process, most likely a running server, has the data directory open. */
public final class LogInUseException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LogInUseException(String message) {
    super(message);
  }
}

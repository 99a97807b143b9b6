package dev.caravan.server;

/** The program cannot start. The message says why and what to do, in words for its user. */
public final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }
}

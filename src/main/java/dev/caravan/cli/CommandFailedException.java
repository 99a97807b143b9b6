package dev.caravan.cli;

/** A command could not do what was asked. The message is all that the user sees. */
class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }
}

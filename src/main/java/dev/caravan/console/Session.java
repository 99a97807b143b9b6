package dev.caravan.console;

/**
 * Somebody who is logged in.
 *
 * @param mayWrite whether they may replay, pause and send, or only look
 */
public record Session(boolean mayWrite) {
  /** The name for audit lines. */
  String name() {
    return mayWrite ? "console" : "console (read-only)";
  }
}

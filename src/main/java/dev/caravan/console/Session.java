package dev.caravan.console;

import java.time.Instant;

/**
 * Somebody who is logged in.
 *
 * @param mayWrite whether they may replay, pause and send, or only look
 * @param ends when they have to log in again
 */
public record Session(boolean mayWrite, Instant ends) {
  /** The name for audit lines. */
  String name() {
    return mayWrite ? "console" : "console (read-only)";
  }
}

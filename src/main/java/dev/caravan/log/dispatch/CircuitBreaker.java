package dev.caravan.log.dispatch;

/**
 * Lets nothing run for a while after some failures in a row, and then one attempt at a time until
 * one succeeds. Not safe for use by several threads.
 */
final class CircuitBreaker {
  private final int failuresToOpen;
  private final long pauseNanos;
  private int failures;
  private boolean open;
  private long openUntil;
  private boolean trying;

  CircuitBreaker(int failuresToOpen, long pauseNanos) {
    this.failuresToOpen = failuresToOpen;
    this.pauseNanos = pauseNanos;
  }

  boolean isOpen() {
    return open;
  }

  /** How long it is until one may run, in nanoseconds; 0 for now. */
  long nanosUntilNext(long now) {
    if (!open) {
      return 0;
    }
    // While one tries, its end tells; a timer would only ask too early.
    return trying ? Long.MAX_VALUE : Math.max(0, openUntil - now);
  }

  void begun() {
    trying = open;
  }

  /** An attempt told nothing about the destination. */
  void toldNothing() {
    trying = false;
  }

  void succeeded() {
    open = false;
    trying = false;
    failures = 0;
  }

  void failed(long now) {
    failures++;
    if (open ? trying : failures >= failuresToOpen) {
      open = true;
      openUntil = now + pauseNanos;
    }
    trying = false;
  }
}

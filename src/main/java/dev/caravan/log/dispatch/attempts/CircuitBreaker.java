package dev.caravan.log.dispatch.attempts;

/**
 * Lets nothing run for a while after some failures in a row, and then one attempt after another
 * until one succeeds. Attempts are known by the number that {@link #begun} gives them: one that
 * began before the circuit opened or closed says nothing about the destination since. Not safe for
 * use by several threads.
 */
final class CircuitBreaker {
  private final int failuresToOpen;
  private final long pauseNanos;
  private int failures;
  private boolean open;

  /** When the next attempt may try, while it is open; as {@link System#nanoTime}. */
  private long nextTry;

  private long last;

  /** The first attempt that began after the circuit last opened or closed. */
  private long since = 1;

  /** The attempt that tries; 0 while none does. */
  private long trial;

  CircuitBreaker(int failuresToOpen, long pauseNanos) {
    this.failuresToOpen = failuresToOpen;
    this.pauseNanos = pauseNanos;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether an attempt is trying and has not ended within the pause. */
  boolean isTrialOverdue(long now) {
    return trial != 0 && now - nextTry >= 0;
  }

  /** How long until an attempt may run, in nanoseconds; 0 for now. */
  long nanosUntilNext(long now) {
    return open ? Math.max(0, nextTry - now) : 0;
  }

  /** Begins an attempt; returns its number. In an open circuit another may try after the pause. */
  long begun(long now) {
    last++;
    if (open) {
      trial = last;
      nextTry = now + pauseNanos;
    }
    return last;
  }

  /** An attempt said nothing about the destination. */
  void toldNothing(long attempt, long now) {
    if (attempt == trial) {
      trial = 0;
      nextTry = now;
    }
  }

  void succeeded(long attempt) {
    if (attempt < since) {
      return;
    }
    failures = 0;
    if (open) {
      open = false;
      change();
    }
  }

  void failed(long attempt, long now) {
    if (attempt < since) {
      return;
    }
    if (!open) {
      failures++;
      if (failures >= failuresToOpen) {
        open = true;
        nextTry = now + pauseNanos;
        change();
      }
    } else if (attempt == trial) {
      trial = 0;
      nextTry = now + pauseNanos;
    }
  }

  private void change() {
    since = last + 1;
    trial = 0;
  }
}

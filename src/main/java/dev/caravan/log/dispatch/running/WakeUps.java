package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.Gate;

/**
 * When a dispatcher looks again without being told: once something is due, once its {@link Gate}
 * lets another attempt begin, or a moment after one could not. Guarded by the monitor it is given,
 * under which it calls back.
 */
final class WakeUps {
  private static final long STALL_MILLIS = 1000;

  private final Object monitor;
  private final Timing timing;
  private final Gate gate;
  private final Runnable look;
  private long nextAt = Long.MAX_VALUE;
  private boolean stalled;
  private boolean waitsAtGate;

  WakeUps(Object monitor, Timing timing, Gate gate, Runnable look) {
    this.monitor = monitor;
    this.timing = timing;
    this.gate = gate;
    this.look = look;
  }

  /** Looks at that time, in milliseconds since 1970, unless it does so earlier anyway. */
  void at(long time) {
    long now = timing.millis();
    if (time > now && time < nextAt) {
      nextAt = time;
      later(time - now, () -> nextAt = Long.MAX_VALUE);
    }
  }

  /** Nothing should be handed out for a moment. */
  void stall() {
    stalled = true;
    later(STALL_MILLIS, () -> stalled = false);
  }

  /** Whether there is nothing to wait for; what the gate holds back is looked at again by then. */
  boolean mayBegin() {
    // Asked once: it may let one begin the moment after, and then nobody would look.
    long wait = gate.waitMillis(timing.nanos());
    if (wait > 0) {
      // Another part of the subscription may be told earlier, by the end of an attempt.
      atTheGate(Math.min(wait, STALL_MILLIS));
    }
    return !stalled && wait == 0;
  }

  private void atTheGate(long wait) {
    if (!waitsAtGate) {
      waitsAtGate = true;
      later(wait, () -> waitsAtGate = false);
    }
  }

  /** Looks after so many milliseconds, and then waits for it no longer. */
  private void later(long millis, Runnable waitsNoLonger) {
    timing.later(
        millis,
        () -> {
          synchronized (monitor) {
            waitsNoLonger.run();
            look.run();
          }
        });
  }
}

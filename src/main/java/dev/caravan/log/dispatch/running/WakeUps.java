package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.Gate;

/**
 * When a dispatcher looks again by itself: once something is due, once its {@link Gate} lets
 * another attempt begin, or a moment after one could not begin. Guarded by the monitor it is given,
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

  /** Looks at that time, in milliseconds since 1970, unless it looks earlier anyway. */
  void at(long time) {
    long now = timing.millis();
    if (time > now && time < nextAt) {
      nextAt = time;
      later(time - now, () -> nextAt = Long.MAX_VALUE);
    }
  }

  /** Hands out nothing for a moment. */
  void stall() {
    stalled = true;
    later(STALL_MILLIS, () -> stalled = false);
  }

  /** Whether there is nothing to wait for; if the gate makes it wait, it looks again in time. */
  boolean mayBegin() {
    // Asked once only: a second answer may be 0 when nobody has arranged to look again.
    long wait = gate.waitMillis(timing.nanos());
    if (wait > 0) {
      // The end of an attempt may open the gate earlier, and be told to another part only.
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

  /** Looks after so many milliseconds, once it has noted that it no longer waits. */
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

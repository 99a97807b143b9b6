package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Timing;
import java.time.Duration;

/**
 * How long a subscription has been failing. Only attempts count, however far apart they are:
 * between two retries an hour apart nothing has improved. For many threads.
 */
final class FailingSpell {
  /** Nanoseconds; after this long without a failure, a success ends the spell. */
  private static final long OVER_AFTER = Duration.ofMinutes(1).toNanos();

  /** How much the newest attempt counts, compared with all before it. */
  private static final double WEIGHT = 0.05;

  /** A spell continues while more of the attempts than this fail, even if some succeed. */
  private static final double MOST = 0.3;

  private boolean on;
  private boolean seen;
  private double failing;
  private long since;
  private long last;

  /** An attempt failed at that time, by {@link Timing#nanos}. */
  synchronized void failed(long now) {
    seen = true;
    failing += (1 - failing) * WEIGHT;
    if (!on) {
      on = true;
      since = now;
    }
    last = now;
  }

  /** An attempt succeeded at that time. */
  synchronized void succeeded(long now) {
    seen = true;
    failing -= failing * WEIGHT;
    if (on && (failing < MOST || now - last > OVER_AFTER)) {
      on = false;
    }
  }

  /** How many seconds it has lasted; 0 while there is none. */
  synchronized double seconds(long now) {
    return on ? Math.max(0.001, (now - since) / 1e9) : 0;
  }

  /** Whether any attempt has failed or succeeded yet. */
  synchronized boolean isKnown() {
    return seen;
  }
}

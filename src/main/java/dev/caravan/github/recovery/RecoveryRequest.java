package dev.caravan.github.recovery;

import java.time.Duration;

/**
 * How a recovery should proceed.
 *
 * @param patience how long to wait while nothing arrives
 * @param rounds how often to ask for one that does not arrive, in this run
 * @param mostAsks how often to ask for one in all runs together
 */
public record RecoveryRequest(Duration patience, int rounds, int mostAsks) {
  /** A recovery that a person starts. */
  public static RecoveryRequest byHand(Duration patience) {
    return new RecoveryRequest(patience, 3, Integer.MAX_VALUE);
  }

  /** The repeated recovery of a running program, which asks less. */
  static RecoveryRequest byItself(Duration patience) {
    return new RecoveryRequest(patience, 1, 5);
  }
}

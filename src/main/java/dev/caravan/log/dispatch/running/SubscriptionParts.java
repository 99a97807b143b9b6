package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.attempts.FailureLines;
import dev.caravan.log.dispatch.attempts.Gate;

/**
 * What the parts of one subscription in this process have in common: how many attempts may run at
 * once and how fast they follow each other, and the reports of failures.
 */
public final class SubscriptionParts {
  private final Turns turns;
  private final FailureLines failureLines;
  private final Gate gate;

  SubscriptionParts(Turns turns, FailureLines failureLines, Gate gate) {
    this.turns = turns;
    this.failureLines = failureLines;
    this.gate = gate;
  }

  /** Limits how many attempts all of them run at once. */
  public Turns turns() {
    return turns;
  }

  FailureLines failureLines() {
    return failureLines;
  }

  Gate gate() {
    return gate;
  }
}

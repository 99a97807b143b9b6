package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.attempts.FailureLines;
import dev.caravan.log.dispatch.attempts.Gate;

/**
 * What the parts of one subscription have in common that run in this process: how many attempts may
 * be under way at once and how fast they follow each other, and what is said of failures.
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

  /** How many attempts all of them may have under way. */
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

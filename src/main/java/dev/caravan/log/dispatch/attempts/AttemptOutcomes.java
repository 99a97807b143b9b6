package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.subscription.SubscriptionSettings;
import org.jspecify.annotations.Nullable;

/**
 * Handles the outcomes of a subscription's attempts: decides, counts and logs them, and remembers
 * the last failure. Safe for use by many threads.
 */
public final class AttemptOutcomes {
  private final OutcomeRule rule;
  private final FailureLines lines;
  private final SubscriptionCounters counters;
  private final Timing timing;
  private volatile @Nullable Outcome lastFailure;

  public AttemptOutcomes(
      SubscriptionSettings settings,
      SubscriptionCounters counters,
      FailureLines lines,
      Timing timing) {
    this.rule = new OutcomeRule(settings, timing);
    this.lines = lines;
    this.counters = counters;
    this.timing = timing;
  }

  /** Decides the outcome of an attempt; see {@link OutcomeRule#outcome}. */
  public Outcome of(RunningAttempt attempt, @Nullable Throwable cause, Ending ending) {
    return rule.outcome(attempt, cause, ending);
  }

  /** The outcome of an attempt is final. */
  public void decided(Outcome outcome) {
    if (outcome.isFailure()) {
      lastFailure = outcome;
    }
  }

  /** An attempt has ended with this final outcome. Never called under a lock: this may log. */
  public void ended(RunningAttempt attempt, Outcome outcome, Ending ending) {
    if (outcome.next() != Outcome.Next.EXPIRED_BEFORE) { // which was said and counted then
      counters.ended(outcome, timing.nanos());
      lines.ended(attempt, outcome, ending);
    }
  }

  /** The subscription is closed and nothing runs. Never called under a lock: this may log. */
  public void over() {
    lines.sayDeadLetters();
  }

  /** An outcome is on disk. */
  public void written(Outcome outcome) {
    counters.written(outcome);
  }

  /** The last attempt that failed since the subscription began, or null. */
  @Nullable
  public Outcome lastFailure() {
    return lastFailure;
  }
}

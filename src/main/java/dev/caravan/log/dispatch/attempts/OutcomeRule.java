package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.ExpiredException;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.logging.ErrorSentence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Decides what follows an attempt. */
final class OutcomeRule {
  static final String EXPIRED = "expired: ";

  private final RetryPolicy policy;
  private final Timing timing;

  OutcomeRule(SubscriptionSettings settings, Timing timing) {
    this.policy = settings.retry();
    this.timing = timing;
  }

  /**
   * Decides.
   *
   * @param cause why it failed, if it did
   */
  Outcome outcome(RunningAttempt attempt, @Nullable Throwable cause, Ending ending) {
    if (ending == Ending.SUCCESS) {
      return outcome(attempt, null, Next.DONE, 0);
    }
    if (ending == Ending.NOT_WANTED) {
      return outcome(attempt, null, Next.NOT_WANTED, 0);
    }
    if (ending == Ending.SUPERSEDED) {
      return Outcome.superseded(
          attempt.inFlight().position(),
          attempt.inFlight().isDue(),
          attempt.startedAt(),
          attempt.took());
    }
    if (cause instanceof ExpiredException expired && expired.isDeadLetter()) {
      return outcome(
          attempt, EXPIRED + cause.getMessage(), Next.EXPIRED_BEFORE, 0); // at a stop too
    }
    if (ending == Ending.CUT_OFF) {
      String how = Outcome.CUT_OFF + "since its route was stopped";
      return outcome(
          attempt,
          cause == null ? how : how + " (" + ErrorSentence.of(cause) + ")",
          Next.CUT_OFF,
          Outcome.AT_ONCE);
    }
    if (cause instanceof ExpiredException) {
      return outcome(attempt, EXPIRED + cause.getMessage(), Next.DEAD_LETTER, 0);
    }
    if (ranOutOfMemory(cause)) {
      return outcome(attempt, ErrorSentence.of(cause), Next.DEAD_LETTER, 0);
    }
    if (ending == Ending.FAILURE && policy.allowsAnotherAfter(attempt.number())) {
      Duration pause = policy.pauseAfter(attempt.number(), timing.random());
      long dueAt = timing.millis() + pause.toMillis();
      return outcome(attempt, ErrorSentence.of(cause), Next.RETRY, dueAt);
    }
    return outcome(attempt, ErrorSentence.of(cause), Next.DEAD_LETTER, 0);
  }

  /** If so it would again, and take others with it. */
  private static boolean ranOutOfMemory(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  private static Outcome outcome(
      RunningAttempt attempt, @Nullable String error, Next next, long dueAt) {
    return new Outcome(
        attempt.inFlight().position(),
        attempt.inFlight().isDue(),
        attempt.number(),
        attempt.startedAt(),
        attempt.took(),
        error,
        next,
        dueAt);
  }
}

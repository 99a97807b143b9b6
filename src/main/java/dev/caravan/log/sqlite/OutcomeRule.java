package dev.caravan.log.sqlite;

import dev.caravan.log.RetryPolicy;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.sqlite.Outcome.Next;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what follows an attempt, and says so in the program's log when it was a failure. */
final class OutcomeRule {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");

  private final String subscription;
  private final RetryPolicy policy;

  OutcomeRule(SubscriptionSettings settings) {
    this.subscription = settings.name();
    this.policy = settings.retry();
  }

  Outcome outcome(RunningAttempt attempt, @Nullable Throwable cause, boolean forGood) {
    if (cause == null) {
      return outcome(attempt, null, Next.DONE, 0);
    }
    String error = ErrorSentence.of(cause);
    if (cause instanceof ExpiredException) {
      LOG.error(
          "{} for \"{}\" is dead-lettered as expired: {}.",
          attempt.description(),
          subscription,
          cause.getMessage());
      return outcome(attempt, "expired: " + cause.getMessage(), Next.DEAD_LETTER, 0);
    }
    if (!forGood && policy.allowsAnotherAfter(attempt.number())) {
      Duration pause = policy.pauseAfter(attempt.number(), RandomGenerator.getDefault());
      LOG.warn(
          "{} to \"{}\" failed (attempt {} of {}): {}. Next try in {}.",
          attempt.description(),
          subscription,
          attempt.number(),
          policy.maxAttempts(),
          error,
          inWords(pause));
      return outcome(attempt, error, Next.RETRY, System.currentTimeMillis() + pause.toMillis());
    }
    LOG.error(
        "{} to \"{}\" failed{} (attempt {} of {}): {}. Dead-lettered; run it again with: caravan replay {} --to {}",
        attempt.description(),
        subscription,
        forGood ? " for good" : "",
        attempt.number(),
        policy.maxAttempts(),
        error,
        attempt.name(),
        subscription);
    return outcome(attempt, error, Next.DEAD_LETTER, 0);
  }

  private static Outcome outcome(
      RunningAttempt attempt, @Nullable String error, Next next, long dueAt) {
    return new Outcome(
        attempt.pending(),
        attempt.number(),
        attempt.startedAt(),
        attempt.took(),
        error,
        next,
        dueAt);
  }

  private static String inWords(Duration pause) {
    return pause.toMillis() < 1000
        ? pause.toMillis() + " ms"
        : pause.toSeconds() < 120 ? pause.toSeconds() + " s" : pause.toMinutes() + " min";
  }
}

package dev.caravan.log.dispatch;

import dev.caravan.log.RetryPolicy;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.RunningAttempt.Ending;
import dev.caravan.logging.ErrorSentence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what follows an attempt, and says so in the program's log when it was a failure. */
final class OutcomeRule {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");

  private static final String EXPIRED = "expired: ";

  private final String subscription;
  private final RetryPolicy policy;
  private final Timing timing;

  OutcomeRule(SubscriptionSettings settings, Timing timing) {
    this.subscription = settings.name();
    this.policy = settings.retry();
    this.timing = timing;
  }

  /**
   * Decides; says nothing.
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
    if (ending == Ending.CUT_OFF) {
      String how = "cut off, since its route was stopped";
      return outcome(
          attempt,
          cause == null ? how : how + " (" + ErrorSentence.of(cause) + ")",
          Next.CUT_OFF,
          timing.millis());
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

  /** It would again, and take others with it. */
  private static boolean ranOutOfMemory(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /** Says what has failed, and what follows. */
  void report(RunningAttempt attempt, Outcome outcome, Ending ending) {
    String error = outcome.error();
    if (error == null) {
      return;
    }
    switch (outcome.next()) {
      case DONE, NOT_WANTED -> {}
      case RETRY -> {
        Duration pause = Duration.ofMillis(outcome.dueAt() - timing.millis());
        failed(attempt, error, "Next try " + inWords(pause) + ".");
      }
      case AGAIN -> failed(attempt, error, "It came again meanwhile, and runs again.");
      case CUT_OFF ->
          LOG.warn(
              "{} to \"{}\" was {}. It runs again.", attempt.description(), subscription, error);
      case DEAD_LETTER -> deadLettered(attempt, error, ending == Ending.FAILURE_FOR_GOOD);
    }
  }

  private void failed(RunningAttempt attempt, String error, String next) {
    LOG.warn(
        "{} to \"{}\" failed (attempt {} of {}): {}. {}",
        attempt.description(),
        subscription,
        attempt.number(),
        policy.maxAttempts(),
        error,
        next);
  }

  private void deadLettered(RunningAttempt attempt, String error, boolean forGood) {
    if (error.startsWith(EXPIRED)) {
      LOG.error(
          "{} for \"{}\" is dead-lettered as {}.", attempt.description(), subscription, error);
      return;
    }
    LOG.error(
        "{} to \"{}\" failed{} (attempt {} of {}): {}. Dead-lettered{}",
        attempt.description(),
        subscription,
        forGood ? " for good" : "",
        attempt.number(),
        policy.maxAttempts(),
        error,
        attempt.guid() == null
            ? "."
            : "; run it again with: caravan replay %s --to %s"
                .formatted(attempt.guid(), subscription));
  }

  private static Outcome outcome(
      RunningAttempt attempt, @Nullable String error, Next next, long dueAt) {
    return new Outcome(
        attempt.inFlight().position(),
        attempt.inFlight().due(),
        attempt.number(),
        attempt.startedAt(),
        attempt.took(),
        error,
        next,
        dueAt);
  }

  private static String inWords(Duration pause) {
    if (pause.toMillis() < 1) {
      return "at once"; // it was due before this could be said: a busy disk, or a clock that was
      // set
    }
    return pause.toMillis() < 1000
        ? "in " + pause.toMillis() + " ms"
        : pause.toSeconds() < 120
            ? "in " + pause.toSeconds() + " s"
            : "in " + pause.toMinutes() + " min";
  }
}

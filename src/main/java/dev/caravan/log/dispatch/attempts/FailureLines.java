package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.logging.LinesAbout;
import dev.caravan.wording.Count;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the program's log says about a subscription's failures: the first of each kind in full, and
 * the first that becomes a dead letter; then sums, and in the end that it works again. A
 * destination that is down for three hours gives half a dozen lines instead of a hundred thousand;
 * the outcome of each delivery is in the delivery log. For many threads.
 */
public final class FailureLines {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");

  /** After this many in full there are only sums, however the failures differ. */
  private static final int MOST_IN_FULL = 20;

  /** After this long without a failure, a success ends the trouble. */
  private static final Duration OVER_AFTER = Duration.ofMinutes(1);

  /** The longest time between two sums; a failure after this long without one is a new trouble. */
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final int PAUSE_FACTOR = 4;

  private final String subscription;
  private final RetryPolicy policy;
  private final Timing timing;

  private final Set<Kind> said = new HashSet<>();
  private volatile boolean inTrouble;
  private long since;
  private long lastFailure;
  private long unsaid;
  private long unsaidDeadLetters;
  private long failed;
  private long deadLettered;
  private long lastSum;
  private String lastError = "";
  private boolean isSumScheduled;
  private Duration pause = FIRST_PAUSE;

  /** What is logged once: the kind of an error, and what happened to the delivery because of it. */
  private record Kind(String error, Next next) {}

  public FailureLines(SubscriptionSettings settings, Timing timing) {
    this.subscription = settings.name();
    this.policy = settings.retry();
    this.timing = timing;
  }

  /** An attempt has ended. */
  void ended(RunningAttempt attempt, Outcome outcome, Ending ending) {
    if (outcome.error() != null) {
      failed(attempt.description(), attempt.guid(), outcome, ending == Ending.FAILURE_FOR_GOOD);
    } else if (inTrouble && outcome.next() == Next.DONE && !outcome.isSuperseded()) {
      succeeded();
    }
  }

  synchronized void succeeded() {
    long now = timing.nanos();
    if (inTrouble && now - lastFailure > OVER_AFTER.toNanos()) {
      if (failed > said.size()) {
        LinesAbout.NOTHING.during(
            () ->
                LOG.warn(
                    "\"{}\" works again: {} failed in {}, with {}.",
                    subscription,
                    Count.of(failed, "attempt"),
                    inWords(Duration.ofNanos(lastFailure - since)),
                    Count.of(deadLettered, "dead letter")));
      }
      inTrouble = false;
      unsaid = 0;
      unsaidDeadLetters = 0;
    }
  }

  synchronized void failed(
      String delivery, @Nullable String guid, Outcome outcome, boolean forGood) {
    long now = timing.nanos();
    if (!inTrouble || now - lastFailure > LONGEST_PAUSE.toNanos()) {
      begin(now);
    }
    lastFailure = now;
    failed++;
    boolean isDeadLetter = outcome.next() == Next.DEAD_LETTER;
    deadLettered += isDeadLetter ? 1 : 0;
    String error = String.valueOf(outcome.error());
    if (said.size() < MOST_IN_FULL && said.add(new Kind(ErrorClass.of(error), outcome.next()))) {
      say(delivery, guid, outcome, forGood);
      return;
    }
    unsaid++;
    unsaidDeadLetters += isDeadLetter ? 1 : 0;
    lastError = error;
    if (now - lastSum >= pause.toNanos()) {
      sum(now);
    } else if (outcome.next() != Next.CUT_OFF) { // the destination is not to blame
      sumLater(now);
    }
  }

  /** Logs the dead letters that were not logged yet: the subscription ends. */
  synchronized void sayDeadLetters() {
    if (unsaidDeadLetters > 0) {
      sum(timing.nanos());
    }
  }

  /** Logs the sum in time even if nothing fails any more. */
  private void sumLater(long now) {
    if (!isSumScheduled) {
      isSumScheduled = true;
      long left = lastSum + pause.toNanos() - now;
      timing.later(TimeUnit.NANOSECONDS.toMillis(left) + 1, this::sumIsDue);
    }
  }

  private synchronized void sumIsDue() {
    isSumScheduled = false;
    long now = timing.nanos();
    if (unsaid > 0) {
      if (now - lastSum >= pause.toNanos()) {
        sum(now);
      } else {
        sumLater(now); // there was a sum meanwhile
      }
    }
  }

  private void begin(long now) {
    sayDeadLetters();
    inTrouble = true;
    since = now;
    lastSum = now;
    pause = FIRST_PAUSE;
    unsaid = 0;
    unsaidDeadLetters = 0;
    failed = 0;
    deadLettered = 0;
    said.clear();
  }

  private void sum(long now) {
    String line =
        "\"%s\" keeps failing: %s in %s, and %s. The last: %s. ./caravan deliveries --subscription %s lists them."
            .formatted(
                subscription,
                Count.of(unsaid, "more attempt"),
                inWords(Duration.ofNanos(now - lastSum)),
                Count.of(unsaidDeadLetters, "more dead letter"),
                lastError,
                subscription);
    boolean gaveUp = unsaidDeadLetters > 0;
    LinesAbout.NOTHING.during(
        () -> {
          if (gaveUp) {
            LOG.error(line);
          } else {
            LOG.warn(line);
          }
        });
    unsaid = 0;
    unsaidDeadLetters = 0;
    lastSum = now;
    Duration longer = pause.multipliedBy(PAUSE_FACTOR);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  private void say(String delivery, @Nullable String guid, Outcome outcome, boolean forGood) {
    String error = String.valueOf(outcome.error());
    switch (outcome.next()) {
      case DONE, NOT_WANTED, EXPIRED_BEFORE -> {}
      case RETRY -> {
        Duration untilThen = Duration.ofMillis(outcome.dueAt() - timing.millis());
        failedOnce(delivery, outcome, "Next try " + inWordsFromNow(untilThen) + ".");
      }
      case AGAIN -> failedOnce(delivery, outcome, "It came again meanwhile, and runs again.");
      case CUT_OFF ->
          LOG.warn("{} to \"{}\" was {}. It runs again.", delivery, subscription, error);
      case DEAD_LETTER -> deadLettered(delivery, guid, outcome, forGood);
    }
  }

  private void failedOnce(String delivery, Outcome outcome, String next) {
    LOG.warn(
        "{} to \"{}\" failed (attempt {} of {}): {}. {}",
        delivery,
        subscription,
        outcome.number(),
        policy.maxAttempts(),
        outcome.error(),
        next);
  }

  private void deadLettered(
      String delivery, @Nullable String guid, Outcome outcome, boolean forGood) {
    String error = String.valueOf(outcome.error());
    if (error.startsWith(OutcomeRule.EXPIRED)) {
      LOG.error("{} for \"{}\" is dead-lettered as {}.", delivery, subscription, error);
      return;
    }
    LOG.error(
        "{} to \"{}\" failed{} (attempt {} of {}): {}. Dead-lettered{}",
        delivery,
        subscription,
        forGood ? " for good" : "",
        outcome.number(),
        policy.maxAttempts(),
        error,
        guid == null
            ? "."
            : "; run it again with: caravan replay %s --to %s".formatted(guid, subscription));
  }

  private static String inWordsFromNow(Duration untilThen) {
    // It may be due before this is logged: a busy disk, or a clock that was set.
    return untilThen.toMillis() < 1 ? "at once" : "in " + inWords(untilThen);
  }

  private static String inWords(Duration duration) {
    return duration.toMillis() < 1000
        ? duration.toMillis() + " ms"
        : duration.toSeconds() < 120 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
  }
}

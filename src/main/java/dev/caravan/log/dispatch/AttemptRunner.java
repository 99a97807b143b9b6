package dev.caravan.log.dispatch;

import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.dispatch.SubscriptionStore.UnreadableException;
import java.util.Objects;

/** Runs one attempt: reads its delivery, and hands it to the handler. */
final class AttemptRunner {
  private final long subscription;
  private final DeliveryHandler handler;
  private final SubscriptionStore store;
  private final LargeAttempts largeAttempts;
  private final NewestRuns newestRuns;

  AttemptRunner(
      long subscription,
      DeliveryHandler handler,
      SubscriptionStore store,
      LargeAttempts largeAttempts,
      NewestRuns newestRuns) {
    this.subscription = subscription;
    this.handler = handler;
    this.store = store;
    this.largeAttempts = largeAttempts;
    this.newestRuns = newestRuns;
  }

  void run(RunningAttempt attempt) {
    long position = attempt.inFlight().position();
    try {
      attempt.delivery(store.load(position));
      attempt.overtaken(newestRuns.haveOvertaken(attempt.inFlight(), attempt.delivery().subject()));
      largeAttempts.begin(subscription, attempt.inFlight());
      handler.handle(attempt);
    } catch (UnreadableException e) {
      if (e.isForGood()) {
        // It will not get better by itself, and others are waiting behind it.
        attempt.guid(store.guidAt(position));
        attempt.failed(Objects.requireNonNull(e.getCause()));
      } else {
        attempt.untried(); // worth another look in a while
      }
    } catch (EndsTheProgramException e) {
      attempt.failedForGood(e);
    } catch (RuntimeException | Error e) { // an OutOfMemoryError too must not end the worker
      if (attempt.guid() == null) {
        attempt.guid(store.guidAt(position));
      }
      attempt.failed(e);
    }
  }

  /** Whether no other large delivery may run beside it. */
  boolean mustRunAlone(InFlightDelivery delivery) {
    return largeAttempts.isSuspect(subscription, delivery);
  }

  /** An attempt is over, or was not begun. */
  void runsNoMore(RunningAttempt attempt) {
    largeAttempts.end(subscription, attempt.inFlight());
  }

  /** What came of it, before the next of its lane begins. */
  void ended(RunningAttempt attempt, Outcome outcome) {
    newestRuns.ended(attempt.inFlight(), outcome);
  }
}

package dev.caravan.log.dispatch.attempts;

import dev.caravan.delivery.ExpandedSize;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.SubscriptionStore.UnreadableException;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.subscription.DeliveryHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a subscription's attempts: reserves memory for one, reads its delivery, and hands it to the
 * handler. Safe for use by many threads.
 */
public final class AttemptRunner {
  private final long subscription;
  private final DeliveryHandler handler;
  private final SubscriptionStore store;
  private final LargeAttempts largeAttempts;
  private final NewestRuns newestRuns;
  private final RouteMemory memory;
  private final RouteShare share;

  public AttemptRunner(
      long subscription,
      DeliveryHandler handler,
      SubscriptionStore store,
      LargeAttempts largeAttempts,
      NewestRuns newestRuns,
      RouteMemory memory,
      RouteShare share) {
    this.subscription = subscription;
    this.handler = handler;
    this.store = store;
    this.largeAttempts = largeAttempts;
    this.newestRuns = newestRuns;
    this.memory = memory;
    this.share = share;
  }

  /** Takes memory for what a route may make of a delivery; null when there is too little now. */
  public RouteMemory.@Nullable Hold memoryFor(InFlightDelivery delivery, RouteMemory.User user) {
    return memory.take(user, bytesFor(delivery));
  }

  /** Many times its bytes, unless it is small; or all memory there is, so that it runs alone. */
  private int bytesFor(InFlightDelivery delivery) {
    if (largeAttempts.isSuspect(subscription, delivery)) {
      return Integer.MAX_VALUE;
    }
    return RouteMemory.isSmall(delivery.length())
        ? 0
        : (int) Math.min(ExpandedSize.atMost(delivery.length()), Integer.MAX_VALUE);
  }

  /** The caller no longer waits for memory, at least for now. */
  public void wantsNoMemory(RouteMemory.User user) {
    memory.forget(user);
  }

  /** Whether an attempt may begin; if not, the user is told when to ask again. */
  public boolean mayBegin(RouteShare.User user) {
    return share.mayBegin(user);
  }

  public void run(RunningAttempt attempt) {
    // An interrupt that an earlier route left behind is not meant for this one.
    boolean unused = Thread.interrupted();
    long begun = share.begin();
    attempt.enters(Thread.currentThread());
    handle(attempt);
    attempt.leaves();
    share.end(begun);
  }

  private void handle(RunningAttempt attempt) {
    long position = attempt.inFlight().position();
    try {
      // First, since it may take a while: what is read below must not be old when the handler
      // begins.
      largeAttempts.begin(subscription, attempt.inFlight());
      attempt.delivery(store.load(position));
      attempt.overtaken(newestRuns.haveOvertaken(attempt.inFlight()));
      handler.handle(attempt);
    } catch (UnreadableException e) {
      if (e.isForGood()) {
        // Trying again is of no use, and others wait behind it.
        attempt.guid(store.guidAt(position));
        attempt.failed(Objects.requireNonNull(e.getCause()));
      } else {
        attempt.untried(); // it is tried again in a while
      }
    } catch (EndsTheProgramException e) {
      attempt.guid(store.guidAt(position)); // it is not even read
      attempt.failedForGood(e);
    } catch (RuntimeException | Error e) { // not even an OutOfMemoryError may end the worker
      if (attempt.guid() == null) {
        attempt.guid(store.guidAt(position));
      }
      attempt.failed(e);
    }
  }

  /** An attempt is over, or was not begun. */
  public void runsNoMore(RunningAttempt attempt) {
    memory.giveBack(attempt.memory());
    largeAttempts.end(subscription, attempt.inFlight());
  }

  /** An attempt has this outcome; told before the next of its lane begins. */
  public void ended(RunningAttempt attempt, Outcome outcome) {
    newestRuns.ended(attempt.inFlight(), outcome);
  }
}

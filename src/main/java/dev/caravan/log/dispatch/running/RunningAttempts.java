package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.AttemptOutcomes;
import dev.caravan.log.dispatch.attempts.AttemptRunner;
import dev.caravan.log.dispatch.attempts.Ending;
import dev.caravan.log.dispatch.attempts.Gate;
import dev.caravan.log.dispatch.attempts.RouteMemory;
import dev.caravan.log.dispatch.attempts.RunningAttempt;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.dispatch.workingset.WorkingSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a subscription that run now, and what follows when one of them ends. Guarded by
 * the monitor it is given. Safe for use by many threads.
 */
final class RunningAttempts implements RunningAttempt.Owner {
  private final Object monitor;
  private final WorkingSet workingSet;
  private final AttemptRunner runner;
  private final SubscriptionStore store;
  private final AttemptOutcomes outcomes;
  private final Turns turns;
  private final WakeUps wakeUps;
  private final Timing timing;
  private final Source source;
  private final Set<RunningAttempt> running = new HashSet<>();

  RunningAttempts(
      Object monitor,
      WorkingSet workingSet,
      AttemptRunner runner,
      SubscriptionStore store,
      AttemptOutcomes outcomes,
      Turns turns,
      WakeUps wakeUps,
      Timing timing,
      Source source) {
    this.monitor = monitor;
    this.workingSet = workingSet;
    this.runner = runner;
    this.store = store;
    this.outcomes = outcomes;
    this.turns = turns;
    this.wakeUps = wakeUps;
    this.timing = timing;
    this.source = source;
  }

  /** Where attempts come from. */
  interface Source {
    /** Whether no more will come. */
    boolean isClosed();

    /** Starts what may run, after an attempt has ended. */
    void start();
  }

  /** Begins an attempt. Called with the monitor. */
  RunningAttempt begin(InFlightDelivery delivery, RouteMemory.Hold memory, Gate.Passage passage) {
    RunningAttempt attempt = new RunningAttempt(this, delivery, memory, passage, timing);
    running.add(attempt);
    return attempt;
  }

  /** How many run now. Called with the monitor. */
  int count() {
    return running.size();
  }

  /** Whether none runs, and none will. */
  boolean isOver() {
    synchronized (monitor) {
      return source.isClosed() && running.isEmpty();
    }
  }

  /** Interrupts what runs: another process may run it by now. */
  void interrupt() {
    List<RunningAttempt> attempts;
    synchronized (monitor) {
      attempts = List.copyOf(running);
    }
    attempts.forEach(RunningAttempt::interrupt);
  }

  /** Waits until none runs; false when one still does after that time. */
  boolean awaitNone(long millis) throws InterruptedException {
    long deadline = timing.nanos() + millis * 1_000_000;
    synchronized (monitor) {
      while (!running.isEmpty()) {
        long left = (deadline - timing.nanos()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        monitor.wait(left);
      }
      return true;
    }
  }

  @Override
  public boolean hasNewer(InFlightDelivery delivery) {
    synchronized (monitor) {
      return workingSet.hasNewer(delivery);
    }
  }

  @Override
  public void ended(RunningAttempt attempt, @Nullable Throwable cause, Ending told) {
    runner.runsNoMore(attempt);
    Ending ending;
    Outcome outcome;
    boolean urgent;
    synchronized (monitor) {
      // After closing, any failure may come from being cut off: each connector reports that its own
      // way.
      boolean isCutOff = (source.isClosed() || attempt.isInterrupted()) && !told.isGood();
      ending = isCutOff ? Ending.CUT_OFF : told;
      outcome = workingSet.ended(attempt.inFlight(), outcomes.of(attempt, cause, ending));
      runner.ended(attempt, outcome);
      attempt.passage().ended(ending, cause, timing.nanos());
      outcomes.decided(outcome);
      urgent = workingSet.hasManyUnwritten();
      noLongerRuns(attempt);
      source.start();
    }
    turns.giveBack();
    outcomes.ended(attempt, outcome, ending);
    if (isOver()) {
      outcomes.over();
    }
    store.outcomeWaiting(urgent);
  }

  @Override
  public void untried(RunningAttempt attempt) {
    runner.runsNoMore(attempt);
    synchronized (monitor) {
      workingSet.putBack(attempt.inFlight()); // it is next again, in a while
      attempt.passage().untried(timing.nanos());
      noLongerRuns(attempt);
      wakeUps.stall();
    }
    turns.giveBack();
    if (isOver()) { // it was the last, and had no outcome
      outcomes.over();
      store.outcomeWaiting(false);
    }
  }

  private void noLongerRuns(RunningAttempt attempt) {
    running.remove(attempt);
    workingSet.backFromAside(); // what waits for memory may have waited for that of this attempt
    monitor.notifyAll();
  }
}

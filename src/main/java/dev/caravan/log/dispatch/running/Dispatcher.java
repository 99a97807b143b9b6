package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.AttemptOutcomes;
import dev.caravan.log.dispatch.attempts.AttemptRunner;
import dev.caravan.log.dispatch.attempts.Gate;
import dev.caravan.log.dispatch.attempts.RouteMemory;
import dev.caravan.log.dispatch.attempts.RouteShare;
import dev.caravan.log.dispatch.attempts.RunningAttempt;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.dispatch.workingset.WorkingSet;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of a subscription's deliveries runs when, and runs it on the subscription's
 * executor.
 *
 * <p>What there is to run is in the {@link WorkingSet}, what runs is in {@link RunningAttempts};
 * one monitor guards all three. Safe for use by many threads.
 */
final class Dispatcher
    implements RouteMemory.User, RouteShare.User, Turns.User, RunningAttempts.Source {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");

  private final Object monitor;
  private final WorkingSet workingSet;
  private final SubscriptionSettings settings;
  private final AttemptRunner runner;
  private final SubscriptionStore store;
  private final Timing timing;
  private final AttemptOutcomes outcomes;
  private final Runnable requestReading;
  private final Gate gate;
  private final Turns turns;
  private final WakeUps wakeUps;

  private final RunningAttempts running;
  private boolean starting;
  private volatile boolean paused;
  private volatile boolean closed;

  Dispatcher(
      Object monitor,
      WorkingSet workingSet,
      boolean paused,
      SubscriptionSettings settings,
      AttemptRunner runner,
      SubscriptionStore store,
      AttemptOutcomes outcomes,
      SubscriptionParts parts,
      Timing timing,
      Runnable requestReading) {
    this.monitor = monitor;
    this.workingSet = workingSet;
    this.paused = paused;
    this.settings = settings;
    this.runner = runner;
    this.store = store;
    this.outcomes = outcomes;
    this.timing = timing;
    this.requestReading = requestReading;
    this.gate = parts.gate();
    this.turns = parts.turns();
    this.wakeUps = new WakeUps(monitor, timing, gate, this::start);
    this.running =
        new RunningAttempts(
            monitor, workingSet, runner, store, outcomes, turns, wakeUps, timing, this);
  }

  /** The attempts it has begun. */
  RunningAttempts running() {
    return running;
  }

  @Override
  public String name() {
    return settings.name();
  }

  /** Starts what may run, and asks for what must be read. */
  @Override
  public void start() {
    synchronized (monitor) {
      if (closed) {
        return;
      }
      workingSet.releaseHeld();
      if (!starting && mayRun() && turns.areFreeFor(this)) {
        startWorking();
      }
      if (!paused && workingSet.reading().wantsMore()) {
        requestReading.run();
      }
      wakeUps.at(workingSet.nextDueAt());
    }
  }

  private void startWorking() {
    starting = true;
    try {
      settings.executor().execute(this::work);
    } catch (RejectedExecutionException e) {
      starting = false;
      closed = true; // the executor is shut down: the route is gone
      timing.later(0, () -> turns.forget(this));
    } catch (RuntimeException | Error e) { // no thread available, for instance
      starting = false;
      LOG.error("Subscription \"{}\" cannot start an attempt. Trying again.", name(), e);
      wakeUps.stall();
    }
  }

  void pause() {
    synchronized (monitor) {
      paused = true;
      runner.wantsNoMemory(this);
    }
  }

  void resume() {
    synchronized (monitor) {
      paused = false;
      workingSet.backFromAside();
      start();
    }
  }

  void close() {
    synchronized (monitor) {
      closed = true;
      runner.wantsNoMemory(this);
    }
    turns.forget(this);
    if (running.isOver()) {
      outcomes.over();
    }
  }

  boolean isActive() {
    return !closed && !paused;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  SubscriptionStatus status() {
    synchronized (monitor) {
      return new SubscriptionStatus(
          name(),
          running.count(),
          workingSet.waiting() - running.count(),
          workingSet.reading().isBehind(),
          paused);
    }
  }

  private boolean mayRun() {
    return !paused
        && workingSet.mayHandOut()
        && wakeUps.mayBegin()
        && store.trouble().isEmpty()
        && runner.mayBegin(this);
  }

  private void work() {
    synchronized (monitor) {
      starting = false;
    }
    for (RunningAttempt next = next(); next != null; next = next()) {
      runner.run(next);
    }
  }

  /** The next attempt for which there is memory; deliveries without memory are set aside. */
  private @Nullable RunningAttempt next() {
    boolean wants;
    boolean took;
    RunningAttempt next;
    synchronized (monitor) {
      wants = !closed && mayRun();
      took = wants && turns.take(this);
      next = took ? nextWithMemory() : null;
    }
    if (!wants) {
      turns.forget(this);
    } else if (took && next == null) {
      turns.giveBack();
    }
    return next;
  }

  private @Nullable RunningAttempt nextWithMemory() {
    while (mayRun()) {
      Gate.Passage passage = gate.pass(timing.nanos());
      if (passage == null) {
        continue; // mayRun() now sees what to wait for, and wakes up then
      }
      InFlightDelivery next = workingSet.poll();
      RouteMemory.Hold hold = runner.memoryFor(next, this);
      if (hold != null) {
        RunningAttempt attempt = running.begin(next, hold, passage);
        start();
        return attempt;
      }
      passage.untried(timing.nanos());
      workingSet.setAside(next);
    }
    return null;
  }

  @Override
  public void turnFreed() {
    boolean wants;
    synchronized (monitor) {
      wants = !closed && mayRun();
      start();
    }
    if (!wants) {
      turns.forget(this); // a turn it cannot use now belongs to those behind it
    }
  }

  @Override
  public void memoryFreed() {
    synchronized (monitor) {
      // Memory it cannot use now belongs to those behind it.
      if (closed || paused || !workingSet.backFromAside() || !mayRun()) {
        runner.wantsNoMemory(this);
      }
      start();
    }
  }

  @Override
  public void mayBegin() {
    start();
  }
}

package dev.caravan.log.dispatch;

import dev.caravan.delivery.ExpandedSize;
import dev.caravan.log.EventFilter;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.SubscriptionStatus;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running subscription: decides which of its deliveries runs when, on the subscription's
 * executor.
 *
 * <p>Deliveries come from the committer as they are appended and, when it is behind, from {@link
 * SubscriptionStore#requestReading}. What is to be remembered is in its {@link WorkingSet}, guarded
 * by {@code this}; the log is never written here. Longer than most classes, since all ways to what
 * this monitor guards are here.
 */
final class Dispatcher
    implements RunningSubscription, RouteMemory.User, RouteShare.User, RunningAttempt.Owner {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long STALL_MILLIS = 1000;

  private final SubscriptionSettings settings;
  private final AttemptRunner runner;
  private final SubscriptionStore store;
  private final Timing timing;
  private final OutcomeRule outcomeRule;
  private final FailureLines failureLines;
  private final SubscriptionCounters counters;
  private final WorkingSet workingSet;
  private final RouteMemory memory;
  private final RouteShare share;
  private final Gate gate;

  private long timerAt = Long.MAX_VALUE;
  private boolean gateTimerSet;
  private int running;
  private boolean starting;
  private boolean stalled;
  private boolean paused;
  private boolean closed;
  private @Nullable Outcome lastFailure;

  Dispatcher(
      WorkingSet workingSet,
      boolean paused,
      SubscriptionSettings settings,
      AttemptRunner runner,
      SubscriptionStore store,
      RouteMemory memory,
      RouteShare share,
      SubscriptionCounters counters,
      Timing timing) {
    this.workingSet = workingSet;
    this.paused = paused;
    this.settings = settings;
    this.runner = runner;
    this.store = store;
    this.memory = memory;
    this.share = share;
    this.counters = counters;
    this.timing = timing;
    this.gate = new Gate(settings.name(), settings.pace());
    this.outcomeRule = new OutcomeRule(settings, timing);
    this.failureLines = new FailureLines(settings, timing);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public long id() {
    return workingSet.id();
  }

  @Override
  public EventFilter filter() {
    return settings.filter();
  }

  @Override
  public boolean isStrict() {
    return settings.strict();
  }

  @Override
  public synchronized void appended(List<Envelope> entries, long first, long next) {
    if (!closed) {
      workingSet.appended(entries, first, next);
      start();
    }
  }

  @Override
  public synchronized boolean isAhead(long position) {
    return workingSet.isAhead(position);
  }

  @Override
  public synchronized Standing standing(long position) {
    return workingSet.standing(position);
  }

  @Override
  public synchronized Progress progress() {
    return workingSet.progress();
  }

  @Override
  public synchronized @Nullable Outcome lastFailure() {
    return lastFailure;
  }

  @Override
  public synchronized Redelivery redelivered(long position) {
    return workingSet.redelivered(position);
  }

  @Override
  public synchronized void completedBefore(long position) {
    workingSet.completedBefore(position);
  }

  @Override
  public synchronized void dueChanged() {
    workingSet.dueChanged();
    start();
  }

  @Override
  public synchronized @Nullable Changes changes(boolean last) {
    return last ? workingSet.lastChanges() : workingSet.changes();
  }

  @Override
  public synchronized boolean hasUnwritten() {
    return workingSet.hasUnwritten();
  }

  @Override
  public synchronized void written() {
    workingSet.written().forEach(counters::written);
    start();
  }

  @Override
  public synchronized void notWritten() {
    workingSet.notWritten();
  }

  @Override
  public synchronized Expiring expiring(List<Envelope> going, List<Long> due) {
    return workingSet.expiring(going, due);
  }

  @Override
  public synchronized void expired() {
    workingSet.expired();
    start();
  }

  @Override
  public synchronized void notExpired() {
    workingSet.notExpired();
    start();
  }

  @Override
  public synchronized ReadRequest readRequest(long now) {
    return closed || paused ? ReadRequest.NOTHING : workingSet.readRequest(now);
  }

  @Override
  public synchronized void unfinishedRead(List<Envelope> entries) {
    workingSet.unfinishedRead(entries);
    start();
  }

  @Override
  public synchronized void caughtUp(List<Envelope> entries, long next, LongSupplier end) {
    // Asked under the lock: what is committed after this comes through appended().
    workingSet.caughtUp(entries, next, next >= end.getAsLong());
    start();
  }

  @Override
  public synchronized void dueRead(DueBatch rows, long flushes) {
    workingSet.dueRead(rows, flushes);
    start();
  }

  @Override
  public synchronized void start() {
    if (closed) {
      return;
    }
    workingSet.releaseHeld();
    if (!starting && mayRun()) {
      starting = true;
      try {
        settings.executor().execute(this::work);
      } catch (RejectedExecutionException e) {
        starting = false;
        closed = true; // the executor is shut down: the route is gone
      } catch (RuntimeException | Error e) { // no thread to be had, for instance
        starting = false;
        LOG.error("Subscription \"{}\" cannot start an attempt. Trying again.", name(), e);
        stall();
      }
    }
    if (!paused && workingSet.wantsMore()) {
      store.requestReading(this);
    }
    setTimer();
    setGateTimer();
  }

  /** Sees to it that {@link #start} is called when another attempt may begin. */
  private void setGateTimer() {
    long wait = gate.waitMillis(timing.nanos());
    if (wait > 0 && wait != Long.MAX_VALUE && !gateTimerSet && workingSet.mayHandOut()) {
      gateTimerSet = true;
      timing.later(
          wait,
          () -> {
            synchronized (this) {
              gateTimerSet = false;
              start();
            }
          });
    }
  }

  /** Sees to it that {@link #start} is called when the next retry is due. */
  private void setTimer() {
    long dueAt = workingSet.nextDueAt();
    long now = timing.millis();
    if (dueAt > now && dueAt < timerAt) {
      timerAt = dueAt;
      timing.later(
          dueAt - now,
          () -> {
            synchronized (this) {
              timerAt = Long.MAX_VALUE;
              start();
            }
          });
    }
  }

  @Override
  public void pause() {
    store.setPaused(name(), true);
    synchronized (this) {
      paused = true;
      memory.forget(this);
    }
  }

  @Override
  public void resume() {
    store.setPaused(name(), false);
    synchronized (this) {
      paused = false;
      workingSet.backFromAside();
      start();
    }
  }

  @Override
  public synchronized SubscriptionStatus status() {
    return new SubscriptionStatus(
        name(), running, workingSet.waiting() - running, workingSet.isBehind(), paused);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      memory.forget(this);
    }
    store.outcomeWaiting(false); // what is to be remembered of it is written, and it is let go
  }

  @Override
  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized boolean isOver() {
    return closed && running == 0;
  }

  @Override
  public synchronized boolean awaitIdle(long millis) throws InterruptedException {
    long deadline = timing.nanos() + millis * 1_000_000;
    while (running > 0) {
      long left = (deadline - timing.nanos()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /**
   * An attempt is over.
   *
   * @param cause why it failed, or null when it succeeded
   * @param told what the handler says; once the subscription is closed, whatever fails may have
   *     been cut off, in ways as many as there are connectors, and counts as that
   */
  @Override
  public void ended(RunningAttempt attempt, @Nullable Throwable cause, RunningAttempt.Ending told) {
    memory.giveBack(attempt.memory());
    runner.runsNoMore(attempt);
    RunningAttempt.Ending ending;
    Outcome outcome;
    boolean urgent;
    synchronized (this) {
      ending = closed && !told.isGood() ? RunningAttempt.Ending.CUT_OFF : told;
      running--;
      gate.ended(ending, cause, timing.nanos());
      counters.circuitOpen(gate.isOpen());
      outcome = workingSet.ended(attempt.inFlight(), outcomeRule.outcome(attempt, cause, ending));
      runner.ended(attempt, outcome);
      if (outcome.isFailure()) {
        lastFailure = outcome;
      }
      urgent = workingSet.hasManyUnwritten();
      workingSet.backFromAside(); // what waits for memory may have waited for this one's
      notifyAll();
      start();
    }
    counters.ended(outcome, timing.nanos());
    failureLines.ended(attempt, outcome, ending);
    store.outcomeWaiting(urgent);
  }

  private boolean mayRun() {
    return !paused
        && !stalled
        && running < settings.concurrency()
        && workingSet.mayHandOut()
        && gate.waitMillis(timing.nanos()) == 0
        && store.trouble().isEmpty()
        && share.mayBegin(this);
  }

  private void work() {
    synchronized (this) {
      starting = false;
    }
    for (RunningAttempt next = next(); next != null; next = next()) {
      // A route's own interruption is not ours: only a closed executor stops the work.
      boolean unused = Thread.interrupted();
      long begun = share.begin();
      runner.run(next);
      share.end(begun);
    }
  }

  /** The next attempt for which there is memory; a delivery for which there is none waits. */
  private synchronized @Nullable RunningAttempt next() {
    while (!closed && mayRun()) {
      InFlightDelivery next = workingSet.poll();
      RouteMemory.Hold hold = memory.take(this, memoryFor(next));
      if (hold != null) {
        running++;
        gate.begun(timing.nanos());
        start();
        return new RunningAttempt(this, next, hold, timing);
      }
      workingSet.setAside(next);
    }
    return null;
  }

  /**
   * What a route may make of it: many times its bytes, unless it is small; or all, so that it runs
   * alone.
   */
  private int memoryFor(InFlightDelivery next) {
    if (runner.mustRunAlone(next)) {
      return Integer.MAX_VALUE;
    }
    return RouteMemory.isSmall(next.length())
        ? 0
        : (int) Math.min(ExpandedSize.atMost(next.length()), Integer.MAX_VALUE);
  }

  @Override
  public synchronized void memoryFreed() {
    // Who cannot use it now must not keep it from those behind.
    if (closed || paused || !workingSet.backFromAside() || !mayRun()) {
      memory.forget(this);
    }
    start();
  }

  @Override
  public void mayBegin() {
    start();
  }

  /** Hands out nothing for a while. */
  private void stall() {
    stalled = true;
    timing.later(
        STALL_MILLIS,
        () -> {
          synchronized (this) {
            stalled = false;
            start();
          }
        });
  }

  @Override
  public synchronized boolean hasNewer(InFlightDelivery delivery) {
    return workingSet.hasNewer(delivery);
  }

  /** An attempt was not even begun: its delivery is next again, in a while. */
  @Override
  public void untried(RunningAttempt attempt) {
    memory.giveBack(attempt.memory());
    runner.runsNoMore(attempt);
    synchronized (this) {
      running--;
      gate.untried();
      workingSet.putBack(attempt.inFlight());
      workingSet.backFromAside();
      notifyAll();
      stall();
    }
  }
}

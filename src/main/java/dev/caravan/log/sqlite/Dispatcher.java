package dev.caravan.log.sqlite;

import dev.caravan.delivery.ExpandedSize;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.EventFilter;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.SubscriptionStatus;
import dev.caravan.log.sqlite.Window.Changes;
import java.util.List;
import java.util.Set;
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
 * CatchUp}. What is to be remembered is in its {@link Window}, guarded by {@code this}; the log is
 * never written here. Longer than most classes, since all ways to what this monitor guards are
 * here.
 */
final class Dispatcher implements Subscription, BodyMemory.User {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long STALL_MILLIS = 1000;

  private final StoredSubscription stored;
  private final SubscriptionSettings settings;
  private final AttemptRunner runner;
  private final SubscriptionStore store;
  private final Timing timing;
  private final OutcomeRule outcomeRule;
  private final SubscriptionCounters counters;
  private final Window window;
  private final BodyMemory memory;

  private long timerAt = Long.MAX_VALUE;
  private int running;
  private boolean starting;
  private boolean stalled;
  private boolean paused;
  private boolean closed;
  private @Nullable Outcome lastFailure;

  Dispatcher(
      StoredSubscription stored,
      SubscriptionSettings settings,
      DeliveryHandler handler,
      SubscriptionStore store,
      BodyMemory memory,
      SubscriptionCounters counters,
      Timing timing) {
    this.stored = stored;
    this.settings = settings;
    this.runner = new AttemptRunner(this, handler, store);
    this.memory = memory;
    this.store = store;
    this.timing = timing;
    this.outcomeRule = new OutcomeRule(settings, timing);
    this.counters = counters;
    this.window = new Window(stored, settings, timing);
    this.paused = stored.paused();
  }

  @Override
  public String name() {
    return settings.name();
  }

  /** The number of its row. */
  long id() {
    return stored.id();
  }

  boolean wants(Delivery delivery) {
    Delivery.Subject subject = delivery.subject();
    return settings.filter().wants(delivery.event(), subject.action(), subject.repository());
  }

  boolean wants(Entry entry) {
    return entry.isWantedBy(settings.filter());
  }

  EventFilter filter() {
    return settings.filter();
  }

  /** Whether a failing delivery holds up its lane. */
  boolean isStrict() {
    return settings.strict();
  }

  /** Takes what was just appended, unless it has to read what came before first. */
  synchronized void appended(List<Entry> entries, long first, long next) {
    if (!closed) {
      window.appended(entries, first, next);
      start();
    }
  }

  /** Whether the cursor has this delivery still to run. */
  synchronized boolean isAhead(long position) {
    return window.isAhead(position);
  }

  /** Whether a delivery may be put into the due table for it. */
  synchronized Window.Standing standing(long position) {
    return window.standing(position);
  }

  synchronized Window.Cursor cursor() {
    return window.cursor();
  }

  /** The last attempt that failed since it began, or null. */
  synchronized @Nullable Outcome lastFailure() {
    return lastFailure;
  }

  /** GitHub has sent it again. See {@link Window}. */
  synchronized Window.Redelivery redelivered(long position) {
    return window.redelivered(position);
  }

  /** The tables say that what GitHub has sent again is completed. */
  synchronized void completedBefore(long position) {
    window.completedBefore(position);
  }

  /** Something was put into the due table from outside. */
  synchronized void dueChanged() {
    window.dueChanged();
    start();
  }

  /**
   * What is to be written of it now, or null; followed by {@link #written} or {@link #notWritten}.
   */
  synchronized @Nullable Changes changes(boolean last) {
    return last ? window.lastChanges() : window.changes();
  }

  synchronized boolean hasUnwritten() {
    return window.hasUnwritten();
  }

  synchronized void written() {
    window.written().forEach(counters::written);
    start();
  }

  synchronized void notWritten() {
    window.notWritten();
  }

  /** Which of these it has still to run, though it may be closed by now. See {@link Window}. */
  synchronized Set<Long> expiring(List<Entry> going, List<Long> due) {
    return window.expiring(going, due);
  }

  synchronized void expired() {
    window.expired();
    start();
  }

  synchronized void notExpired() {
    window.notExpired();
    start();
  }

  /** What is to be read for it now. */
  synchronized CatchUp.Wish wish(long now) {
    return closed || paused ? CatchUp.Wish.NOTHING : window.wish(now);
  }

  /** Takes what it had left unfinished when it last ran. */
  synchronized void unfinishedRead(List<Entry> entries) {
    window.unfinishedRead(entries);
    start();
  }

  /** Takes what {@link CatchUp} has read. */
  synchronized void caughtUp(List<Entry> entries, long next, LongSupplier end) {
    // Asked under the lock: what is committed after this comes through appended().
    window.caughtUp(entries, next, next >= end.getAsLong());
    start();
  }

  /** Takes what has become due, unless it was read before the last flush. */
  synchronized void dueRead(DueRows rows, long flushes) {
    window.dueRead(rows, flushes);
    start();
  }

  /** Looks again whether something may run, after what stood in the way is gone. */
  synchronized void start() {
    if (closed) {
      return;
    }
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
    if (!paused && window.wantsMore()) {
      store.requestReading(this);
    }
    setTimer();
  }

  /** Sees to it that {@link #start} is called when the next retry is due. */
  private void setTimer() {
    long dueAt = window.nextDueAt();
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
      window.backFromAside();
      start();
    }
  }

  @Override
  public synchronized SubscriptionStatus status() {
    return new SubscriptionStatus(
        name(), running, window.waiting() - running, window.isBehind(), paused);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      memory.forget(this);
    }
    store.outcomeWaiting(false); // what is to be remembered of it is written, and it is let go
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Whether nothing more can come from it. */
  synchronized boolean isOver() {
    return closed && running == 0;
  }

  /** Waits until no attempt is running; false when that has not happened in time. */
  synchronized boolean awaitIdle(long millis) throws InterruptedException {
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
  void ended(RunningAttempt attempt, @Nullable Throwable cause, RunningAttempt.Ending told) {
    memory.giveBack(attempt.memory());
    store.largeAttempts().end(id(), attempt.pending());
    RunningAttempt.Ending ending;
    Outcome outcome;
    boolean urgent;
    synchronized (this) {
      ending = closed && !told.isGood() ? RunningAttempt.Ending.CUT_OFF : told;
      running--;
      outcome = window.ended(outcomeRule.outcome(attempt, cause, ending));
      if (outcome.isFailure()) {
        lastFailure = outcome;
      }
      urgent = window.hasManyUnwritten();
      window.backFromAside(); // what waits for memory may have waited for this one's
      notifyAll();
      start();
    }
    counters.ended(outcome);
    outcomeRule.report(attempt, outcome, ending);
    store.outcomeWaiting(urgent);
  }

  private boolean mayRun() {
    return !paused
        && !stalled
        && running < settings.concurrency()
        && window.mayHandOut()
        && store.trouble().isEmpty();
  }

  private void work() {
    synchronized (this) {
      starting = false;
    }
    for (RunningAttempt next = next(); next != null; next = next()) {
      // A route's own interruption is not ours: only a closed executor stops the work.
      boolean unused = Thread.interrupted();
      runner.run(next);
    }
  }

  /** The next attempt for which there is memory; a delivery for which there is none waits. */
  private synchronized @Nullable RunningAttempt next() {
    while (!closed && mayRun()) {
      Pending next = window.poll();
      BodyMemory.Hold hold = memory.take(this, memoryFor(next));
      if (hold != null) {
        running++;
        start();
        return new RunningAttempt(this, next, hold, timing);
      }
      window.setAside(next);
    }
    return null;
  }

  /** What a route may make of it: many times its bytes, unless it is small. */
  private static int memoryFor(Pending next) {
    return BodyMemory.isSmall(next.length())
        ? 0
        : (int) Math.min(ExpandedSize.atMost(next.length()), Integer.MAX_VALUE);
  }

  @Override
  public synchronized void memoryFreed() {
    // Who cannot use it now must not keep it from those behind.
    if (closed || paused || !window.backFromAside() || !mayRun()) {
      memory.forget(this);
    }
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

  /** An attempt was not even begun: its delivery is next again, in a while. */
  void untried(RunningAttempt attempt) {
    memory.giveBack(attempt.memory());
    store.largeAttempts().end(id(), attempt.pending());
    synchronized (this) {
      running--;
      window.putBack(attempt.pending());
      window.backFromAside();
      notifyAll();
      stall();
    }
  }
}

package dev.caravan.log.sqlite;

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
final class Dispatcher implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");
  private static final long STALL_MILLIS = 1000;

  private final StoredSubscription stored;
  private final SubscriptionSettings settings;
  private final AttemptRunner runner;
  private final SqliteDeliveryLog log;
  private final OutcomeRule outcomeRule;
  private final SubscriptionCounters counters;
  private final Window window;

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
      SqliteDeliveryLog log) {
    this.stored = stored;
    this.settings = settings;
    this.runner = new AttemptRunner(this, handler, log);
    this.log = log;
    this.outcomeRule = new OutcomeRule(settings);
    this.counters = log.counters(settings.name());
    this.window = new Window(stored, settings);
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
    window.written();
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
      log.catchUp().request(this);
    }
    setTimer();
  }

  /** Sees to it that {@link #start} is called when the next retry is due. */
  private void setTimer() {
    long dueAt = window.nextDueAt();
    long now = System.currentTimeMillis();
    if (dueAt > now && dueAt < timerAt) {
      timerAt = dueAt;
      log.later(
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
    log.setPaused(name(), true);
    synchronized (this) {
      paused = true;
    }
  }

  @Override
  public void resume() {
    log.setPaused(name(), false);
    synchronized (this) {
      paused = false;
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
    }
    log.outcomeWaiting(false); // what is to be remembered of it is written, and it is let go
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
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (running > 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
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
   */
  void ended(RunningAttempt attempt, @Nullable Throwable cause, RunningAttempt.Ending ending) {
    attempt.giveMemoryBack();
    Outcome outcome;
    boolean urgent;
    synchronized (this) {
      running--;
      outcome = window.ended(outcomeRule.outcome(attempt, cause, ending));
      if (outcome.isFailure()) {
        lastFailure = outcome;
      }
      urgent = window.hasManyUnwritten();
      notifyAll();
      start();
    }
    counters.ended(outcome);
    outcomeRule.report(attempt, outcome, ending);
    log.outcomeWaiting(urgent);
  }

  private boolean mayRun() {
    return !paused
        && !stalled
        && running < settings.concurrency()
        && window.mayHandOut()
        && log.trouble().isEmpty();
  }

  private void work() {
    synchronized (this) {
      starting = false;
    }
    for (Pending next = next(); next != null; next = next()) {
      // A route's own interruption is not ours: only a closed executor stops the work.
      boolean unused = Thread.interrupted();
      runner.run(next);
    }
  }

  private synchronized @Nullable Pending next() {
    if (closed || !mayRun()) {
      return null;
    }
    Pending next = window.poll();
    running++;
    start();
    return next;
  }

  /** Hands out nothing for a while. */
  synchronized void stall() {
    stalled = true;
    log.later(
        STALL_MILLIS,
        () -> {
          synchronized (this) {
            stalled = false;
            start();
          }
        });
  }

  /** An attempt was not even begun: its delivery is next again. */
  synchronized void untried(Pending pending) {
    running--;
    window.putBack(pending);
    notifyAll();
  }
}

package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.AttemptOutcomes;
import dev.caravan.log.dispatch.attempts.AttemptRunner;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.dispatch.workingset.WorkingSet;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A running subscription as its engine sees it: whatever the engine tells it goes into the {@link
 * WorkingSet}, and the {@link Dispatcher} checks whether something may run now.
 *
 * <p>Its monitor guards both. Safe for use by many threads.
 */
final class DispatchedSubscription implements RunningSubscription {
  private final WorkingSet workingSet;
  private final SubscriptionSettings settings;
  private final SubscriptionStore store;
  private final AttemptOutcomes outcomes;
  private final Dispatcher dispatcher;

  DispatchedSubscription(
      WorkingSet workingSet,
      boolean paused,
      SubscriptionSettings settings,
      AttemptRunner runner,
      SubscriptionStore store,
      SubscriptionCounters counters,
      SubscriptionParts parts,
      Timing timing) {
    this.workingSet = workingSet;
    this.settings = settings;
    this.store = store;
    counters.circuit(parts.gate()::isOpen);
    this.outcomes = new AttemptOutcomes(settings, counters, parts.failureLines(), timing);
    this.dispatcher =
        new Dispatcher(
            this,
            workingSet,
            paused,
            settings,
            runner,
            store,
            outcomes,
            parts,
            timing,
            () -> store.requestReading(this));
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

  // --- what comes in ---

  @Override
  public synchronized void appended(List<Envelope> entries, long first, long next) {
    if (!dispatcher.isClosed()) {
      workingSet.reading().appended(entries, first, next);
      dispatcher.start();
    }
  }

  @Override
  public synchronized boolean keepsUp() {
    return dispatcher.isActive() && workingSet.reading().keepsUp();
  }

  @Override
  public synchronized boolean isCatchingUp() {
    return dispatcher.isActive() && !workingSet.reading().keepsUp();
  }

  @Override
  public synchronized ReadRequest readRequest(long now) {
    return dispatcher.isActive() ? workingSet.reading().request(now) : ReadRequest.NOTHING;
  }

  @Override
  public synchronized void unfinishedRead(List<Envelope> entries) {
    workingSet.reading().unfinishedRead(entries);
    dispatcher.start();
  }

  @Override
  public synchronized void caughtUp(List<Envelope> entries, long next, LongSupplier end) {
    // Called under the lock: what is committed from now on comes through appended().
    workingSet.reading().caughtUp(entries, next, next >= end.getAsLong());
    dispatcher.start();
  }

  @Override
  public synchronized void dueRead(DueBatch rows, long flushes) {
    workingSet.reading().dueRead(rows, flushes);
    dispatcher.start();
  }

  @Override
  public synchronized void dueChanged() {
    workingSet.dueChanged();
    dispatcher.start();
  }

  // --- what is written down ---

  @Override
  public synchronized @Nullable Changes changes(boolean last) {
    return last ? workingSet.lastChanges() : workingSet.changes();
  }

  @Override
  public synchronized boolean hasUnwritten() {
    return workingSet.hasUnwritten();
  }

  @Override
  public synchronized void sentAgain(Set<Long> positions) {
    workingSet.sentAgain(positions);
  }

  @Override
  public synchronized void written() {
    workingSet.written().forEach(outcomes::written);
    dispatcher.start();
  }

  @Override
  public synchronized void notWritten() {
    workingSet.notWritten();
  }

  // --- what GitHub sends again, and what retention takes ---

  @Override
  public synchronized Redelivery redelivered(long position) {
    return workingSet.redelivered(position);
  }

  @Override
  public synchronized void completedBefore(long position) {
    workingSet.completedBefore(position);
  }

  @Override
  public synchronized Expiring expiring(List<Envelope> going, List<Long> due) {
    return workingSet.expiring(going, due);
  }

  @Override
  public synchronized void expired() {
    workingSet.expired();
    dispatcher.start();
  }

  @Override
  public synchronized void notExpired() {
    workingSet.notExpired();
    dispatcher.start();
  }

  // --- how it is ---

  @Override
  public synchronized Standing standing(long position) {
    return workingSet.standing(position);
  }

  @Override
  public synchronized boolean isAhead(long position) {
    return workingSet.isAhead(position);
  }

  @Override
  public synchronized boolean isInWork(long position) {
    return workingSet.isInWork(position);
  }

  @Override
  public synchronized Progress progress() {
    return workingSet.progress();
  }

  @Override
  public @Nullable Outcome lastFailure() {
    return outcomes.lastFailure();
  }

  @Override
  public SubscriptionStatus status() {
    return dispatcher.status();
  }

  // --- whether it runs ---

  @Override
  public void start() {
    dispatcher.start();
  }

  @Override
  public void pause() {
    store.setPaused(name(), true);
    dispatcher.pause();
  }

  @Override
  public void resume() {
    store.setPaused(name(), false);
    dispatcher.resume();
  }

  @Override
  public void close() {
    dispatcher.close();
    store.outcomeWaiting(false); // writes what is left, and lets go of it
  }

  @Override
  public void interrupt() {
    dispatcher.running().interrupt();
  }

  @Override
  public boolean isClosed() {
    return dispatcher.isClosed();
  }

  @Override
  public boolean isOver() {
    return dispatcher.running().isOver();
  }

  @Override
  public boolean awaitIdle(long millis) throws InterruptedException {
    return dispatcher.running().awaitNone(millis);
  }
}

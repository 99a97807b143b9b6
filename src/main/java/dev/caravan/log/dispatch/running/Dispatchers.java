package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.AttemptMarks;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.attempts.AttemptRunner;
import dev.caravan.log.dispatch.attempts.FailureLines;
import dev.caravan.log.dispatch.attempts.Gate;
import dev.caravan.log.dispatch.attempts.LargeAttempts;
import dev.caravan.log.dispatch.attempts.NewestRuns;
import dev.caravan.log.dispatch.attempts.RouteMemory;
import dev.caravan.log.dispatch.attempts.RouteShare;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.dispatch.workingset.WorkingSet;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts subscriptions, and holds what those of one process share. Safe for use by many threads.
 */
public final class Dispatchers {
  private final SubscriptionStore store;
  private final RouteMemory memory;
  private final RouteShare share;
  private final LargeAttempts largeAttempts;
  private final Timing timing;

  /** What subscriptions share that name the same destination. */
  private final Map<String, Gate> destinations = new ConcurrentHashMap<>();

  /** Each of the others has its own, which outlives it: a changed file does not restart a rate. */
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /**
   * @param marks what the processes before this one have left, and this one leaves
   * @param routeMemory bytes for large bodies that routes work on at once
   * @param routeShare percent of a busy processor that routes get while senders wait for it
   */
  public Dispatchers(
      SubscriptionStore store,
      AttemptMarks marks,
      long routeMemory,
      int routeShare,
      Timing timing) {
    this.store = store;
    this.memory = new RouteMemory(routeMemory, timing);
    this.share = new RouteShare(routeShare, Runtime.getRuntime().availableProcessors(), timing);
    this.largeAttempts = new LargeAttempts(marks);
    this.timing = timing;
  }

  /** What the parts share of a subscription that runs in several, each with a cursor of its own. */
  public SubscriptionParts parts(SubscriptionSettings settings) {
    return new SubscriptionParts(
        new Turns(settings.concurrency()), new FailureLines(settings, timing), gate(settings));
  }

  private Gate gate(SubscriptionSettings settings) {
    Pace pace = settings.pace();
    String destination = pace.destination();
    if (destination == null) {
      Gate own = gates.computeIfAbsent(settings.name(), Gate::new);
      own.usedBy(pace);
      return own;
    }
    Gate shared = destinations.computeIfAbsent(destination, Gate::new);
    shared.sharedBy(settings.name(), pace);
    return shared;
  }

  /**
   * Begins a subscription where it was; it runs nothing before it is {@linkplain
   * RunningSubscription#start started}.
   *
   * @param id the number that the engine knows it by
   */
  public RunningSubscription begin(
      long id,
      StoredCursor cursor,
      boolean paused,
      SubscriptionSettings settings,
      DeliveryHandler handler,
      SubscriptionCounters counters) {
    return begin(id, cursor, paused, settings, handler, counters, parts(settings), store);
  }

  /**
   * Begins one part of a subscription that runs in several: no delivery is in two of them.
   *
   * @param store what that part gets from the log
   */
  public RunningSubscription begin(
      long id,
      StoredCursor cursor,
      boolean paused,
      SubscriptionSettings settings,
      DeliveryHandler handler,
      SubscriptionCounters counters,
      SubscriptionParts parts,
      SubscriptionStore store) {
    return new DispatchedSubscription(
        new WorkingSet(id, cursor, settings, timing),
        paused,
        settings,
        new AttemptRunner(
            id, handler, store, largeAttempts, new NewestRuns(id, settings, store), memory, share),
        store,
        counters,
        parts,
        timing);
  }

  /**
   * Another process may have ended, whose deliveries this one is about to run.
   *
   * @param left the marks that exist now
   */
  public void takeMarks(Map<String, Integer> left) {
    largeAttempts.take(left);
  }

  /** Many senders wait for their answers at this moment: for a while, they go first. */
  public void sendersWait() {
    share.sendersWait();
  }

  /** The program stops in good order, whatever still runs. */
  public void close() {
    largeAttempts.close();
  }
}

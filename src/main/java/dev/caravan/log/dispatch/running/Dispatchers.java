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
 * Starts the subscriptions of one process, and holds what they share. Safe for use by many threads.
 */
public final class Dispatchers {
  private final SubscriptionStore store;
  private final RouteMemory memory;
  private final RouteShare share;
  private final LargeAttempts largeAttempts;
  private final Timing timing;

  /** The gates of named destinations, which several subscriptions may share. */
  private final Map<String, Gate> destinations = new ConcurrentHashMap<>();

  /**
   * The gates of the others. They outlive subscriptions: a changed file does not restart a rate.
   */
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /**
   * @param marks those that earlier processes left, and this one sets
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

  /** What the parts of one subscription share, each of which has its own cursor. */
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
   * Begins a subscription where it left off; it runs nothing before it is {@linkplain
   * RunningSubscription#start started}.
   *
   * @param id its number in the engine
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
   * @param store the part of the log that it gets
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
   * Takes over the marks of a process that may have ended, before this one runs its deliveries.
   *
   * @param left the marks that exist now
   */
  public void takeMarks(Map<String, Integer> left) {
    largeAttempts.take(left);
  }

  /** Many senders are waiting for their answers: for a while, they go first. */
  public void sendersWait() {
    share.sendersWait();
  }

  /** The program stops in good order, even if attempts still run. */
  public void close() {
    largeAttempts.close();
  }
}

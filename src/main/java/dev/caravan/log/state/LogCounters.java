package dev.caravan.log.state;

import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.GivenUp;
import dev.caravan.log.figures.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a log counts while it runs. Safe for use by many threads. */
public final class LogCounters {
  private static final double NANOS = 1e9;

  public final Histogram appendTime =
      new Histogram(
          NANOS,
          List.of(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0));
  public final Histogram flushed =
      new Histogram(1, List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0));
  public final LongAdder repeats = new LongAdder();
  public final LongAdder differing = new LongAdder();
  public final LongAdder copies = new LongAdder();
  public final LongAdder failedFlushes = new LongAdder();
  public final LongAdder slowWrites = new LongAdder();

  private final Map<String, SubscriptionCounters> subscriptions = new ConcurrentHashMap<>();

  /** The counters of a subscription; they stay when its route is replaced. */
  public SubscriptionCounters of(String subscription) {
    return subscriptions.computeIfAbsent(subscription, name -> new SubscriptionCounters());
  }

  /** How many deliveries became dead letters, by subscription and kind of error. */
  public List<DeadLetteredCount> deadLettered() {
    List<DeadLetteredCount> counts = new ArrayList<>();
    subscriptions.forEach(
        (subscription, counted) ->
            counted
                .deadLetteredByError()
                .forEach(
                    (error, count) ->
                        counts.add(new DeadLetteredCount(subscription, error, count))));
    return counts;
  }

  /** The newest dead letters, by subscription. */
  public Map<String, List<GivenUp>> newestGivenUp() {
    Map<String, List<GivenUp>> newest = new TreeMap<>();
    subscriptions.forEach(
        (subscription, counted) -> newest.put(subscription, counted.newestGivenUp()));
    return newest;
  }
}

package dev.caravan.log.sqlite;

import dev.caravan.log.Histogram;
import dev.caravan.log.dispatch.SubscriptionCounters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a log counts of itself while it runs. Written by the committer, read by any thread. */
final class LogCounters {
  private static final double NANOS = 1e9;

  final Histogram appendTime =
      new Histogram(
          NANOS,
          List.of(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0));
  final Histogram flushed =
      new Histogram(1, List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0));
  final LongAdder repeats = new LongAdder();
  final LongAdder differing = new LongAdder();
  final LongAdder copies = new LongAdder();
  final LongAdder failedFlushes = new LongAdder();
  final LongAdder slowWrites = new LongAdder();

  private final Map<String, SubscriptionCounters> subscriptions = new ConcurrentHashMap<>();

  /** Those of a subscription; the same when its route is replaced by another. */
  SubscriptionCounters of(String subscription) {
    return subscriptions.computeIfAbsent(subscription, name -> new SubscriptionCounters());
  }

  /** Counts a batch that is on disk. */
  void committed(List<TransactionPart> batch, Transaction.Batch result) {
    long now = System.nanoTime();
    int appends = 0;
    for (TransactionPart work : batch) {
      if (work instanceof Append append) {
        appendTime.record(now - append.since());
        appends++;
      }
    }
    if (appends > 0) {
      flushed.record(appends);
      repeats.add(result.repeated().same);
      differing.add(result.repeated().different);
      copies.add(result.repeated().copies);
    }
  }
}

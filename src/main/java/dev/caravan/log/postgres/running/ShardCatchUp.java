package dev.caravan.log.postgres.running;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.shards.HeldShard;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.reading.Readers;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/** Reads the log for shards that are behind, a bit for each in turn, on its own threads. */
public final class ShardCatchUp implements AutoCloseable {
  private static final int AT_ONCE = 512;
  private static final int THREADS = 2;
  private static final long WAIT_AFTER_FAILURE_MILLIS = 1000;

  private final Readers readers;
  private final Kinds kinds;
  private final LocalSubscriptions subscriptions;
  private final LongSupplier end;
  private final Timing timing;
  private final ReadFailures failures;
  private final Set<RunningSubscription> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, work -> new Thread(work, "delivery-log-catch-up"));

  /**
   * @param end the position up to which shards that are not behind were told of deliveries
   */
  public ShardCatchUp(
      Readers readers,
      Kinds kinds,
      LocalSubscriptions subscriptions,
      LongSupplier end,
      Timing timing,
      ReadFailures failures) {
    this.readers = readers;
    this.kinds = kinds;
    this.subscriptions = subscriptions;
    this.end = end;
    this.timing = timing;
    this.failures = failures;
  }

  /** Reads for it soon. Does not block. */
  public void request(RunningSubscription dispatcher) {
    if (asked.add(dispatcher)) {
      try {
        threads.execute(() -> serve(dispatcher));
      } catch (RejectedExecutionException e) {
        asked.remove(dispatcher); // the log is closed
      }
    }
  }

  /** Reads for it now, on this thread. */
  public void serve(RunningSubscription dispatcher) {
    asked.remove(dispatcher);
    for (HeldShard held : subscriptions.held()) {
      if (held.dispatcher() == dispatcher) {
        serve(held, dispatcher);
        return;
      }
    }
  }

  private void serve(HeldShard held, RunningSubscription dispatcher) {
    long now = timing.millis();
    try {
      ReadRequest request = dispatcher.readRequest(now);
      if (!request.unfinished().isEmpty()) {
        dispatcher.unfinishedRead(
            readers.read(reader -> ShardReading.at(reader, kinds.types(), request.unfinished())));
      }
      if (request.due()) {
        readDue(held, dispatcher, request, now);
      } else if (request.entries()) {
        readEntries(held, dispatcher, request);
      }
    } catch (SQLException | RuntimeException | Error e) {
      failures.met(e);
      timing.later(WAIT_AFTER_FAILURE_MILLIS, dispatcher::start);
    }
  }

  private void readDue(
      HeldShard held, RunningSubscription dispatcher, ReadRequest request, long now)
      throws SQLException {
    ShardReading.Due due =
        readers.read(
            reader -> {
              ShardReading.Due found =
                  ShardReading.due(
                      reader, kinds.types(), held, request, now, request.dueAtOnce() + AT_ONCE);
              Set<Long> waiting = new HashSet<>(found.again());
              waiting.removeIf(dispatcher::isInWork);
              if (!waiting.isEmpty()) {
                ShardReading.answer(reader, held, waiting);
              }
              return found;
            });
    dispatcher.dueRead(due.batch(), request.flushes());
  }

  private void readEntries(HeldShard held, RunningSubscription dispatcher, ReadRequest request)
      throws SQLException {
    long to = end.getAsLong();
    List<Envelope> entries =
        readers.read(
            reader ->
                ShardReading.ofShard(
                    reader, kinds.types(), held.shard(), request.from(), to, AT_ONCE));
    boolean all = entries.size() < AT_ONCE;
    long next = all ? Math.max(to, request.from()) : entries.get(entries.size() - 1).position() + 1;
    dispatcher.caughtUp(entries, next, end);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

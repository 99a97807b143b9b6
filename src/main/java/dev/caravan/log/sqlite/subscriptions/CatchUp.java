package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.tables.EventTypes;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reads the log for the subscriptions that are behind it, a bit for each in turn, on a thread of
 * its own.
 */
public final class CatchUp implements AutoCloseable {
  private static final int AT_ONCE = 512;

  private final Readers readers;
  private final EventTypes kinds;
  private final LongSupplier end;
  private final Consumer<Throwable> cannotRead;
  private final Timing timing;
  private final Set<RunningSubscription> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread;

  /**
   * @param cannotRead told why something could not be read
   * @param end the first position that is not committed yet
   */
  public CatchUp(
      Readers readers,
      EventTypes kinds,
      LongSupplier end,
      Consumer<Throwable> cannotRead,
      Timing timing) {
    this.readers = readers;
    this.kinds = kinds;
    this.end = end;
    this.cannotRead = cannotRead;
    this.timing = timing;
    this.thread =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-catch-up"));
  }

  /** Reads for the subscription soon. Does not block. */
  void request(RunningSubscription subscription) {
    if (asked.add(subscription)) {
      thread.execute(() -> serve(subscription));
    }
  }

  private void serve(RunningSubscription subscription) {
    asked.remove(subscription);
    long now = timing.millis();
    try {
      ReadRequest request = subscription.readRequest(now);
      if (!request.unfinished().isEmpty()) {
        subscription.unfinishedRead(readers.read(reader -> reader.entries(request.unfinished())));
      }
      if (request.due()) {
        DueBatch rows =
            readers.read(
                reader ->
                    reader.due(
                        subscription.id(),
                        now,
                        request.furthest(),
                        request.dueAtOnce() + AT_ONCE,
                        request.holding()));
        subscription.dueRead(rows, request.flushes());
      } else if (request.entries()) {
        readEntries(subscription, request);
      }
    } catch (SQLException | RuntimeException | Error e) {
      // Damage may show as anything, and memory may run out.
      cannotRead.accept(e);
      timing.later(1000, subscription::start);
    }
  }

  private void readEntries(RunningSubscription subscription, ReadRequest request)
      throws SQLException {
    long to = end.getAsLong();
    List<Envelope> entries =
        readers.read(
            reader -> reader.entries(request.from(), to, kinds.wanted(request.filter()), AT_ONCE));
    boolean all = entries.size() < AT_ONCE;
    long next = all ? Math.max(to, request.from()) : entries.get(entries.size() - 1).position() + 1;
    subscription.caughtUp(entries, next, end);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

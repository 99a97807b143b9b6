package dev.caravan.log.sqlite;

import dev.caravan.log.EventFilter;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * Reads the log for the subscriptions that are behind it, a bit for each in turn, on a thread of
 * its own.
 */
final class CatchUp implements AutoCloseable {
  private static final int AT_ONCE = 512;

  private final LogReaders readers;
  private final Kinds kinds;
  private final LongSupplier end;
  private final SubscriptionStore store;
  private final Timing timing;
  private final Set<Dispatcher> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread;

  /**
   * @param end the first position that is not committed yet
   */
  CatchUp(
      LogReaders readers, Kinds kinds, LongSupplier end, SubscriptionStore store, Timing timing) {
    this.readers = readers;
    this.kinds = kinds;
    this.end = end;
    this.store = store;
    this.timing = timing;
    this.thread =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "delivery-log-catch-up"));
  }

  /**
   * What a subscription wants read.
   *
   * @param unfinished positions it had left unfinished; empty but for the first time
   * @param due whether the due table is to be read
   * @param furthest a retry due later than this is due now; see {@link LogReader#due}
   * @param holding whether those that hold up their lanes are to be read too
   * @param dueAtOnce how many due deliveries it has already
   * @param heldAndDue positions of due rows that are to be read whatever else there is
   * @param flushes how many flushes the answer must not be older than
   * @param entries whether deliveries are to be read from {@code from} on
   */
  record Wish(
      List<Long> unfinished,
      boolean due,
      long furthest,
      boolean holding,
      int dueAtOnce,
      List<Long> heldAndDue,
      long flushes,
      boolean entries,
      long from,
      EventFilter filter) {
    static final Wish NOTHING =
        new Wish(
            List.of(), false, 0, false, 0, List.of(), 0, false, 0, EventFilter.parse("*", null));
  }

  /** Reads for the dispatcher soon. Does not block. */
  void request(Dispatcher dispatcher) {
    if (asked.add(dispatcher)) {
      thread.execute(() -> serve(dispatcher));
    }
  }

  private void serve(Dispatcher dispatcher) {
    asked.remove(dispatcher);
    long now = timing.millis();
    try {
      Wish wish = dispatcher.wish(now);
      if (!wish.unfinished().isEmpty()) {
        dispatcher.unfinishedRead(readers.read(reader -> reader.entries(wish.unfinished())));
      }
      if (wish.due()) {
        DueRows rows =
            readers.read(
                reader ->
                    reader.due(
                        dispatcher.id(),
                        now,
                        wish.furthest(),
                        wish.dueAtOnce() + AT_ONCE,
                        wish.holding(),
                        wish.heldAndDue()));
        dispatcher.dueRead(rows, wish.flushes());
      } else if (wish.entries()) {
        readEntries(dispatcher, wish);
      }
    } catch (SQLException | RuntimeException | Error e) {
      // What is damaged may look like anything, and memory may run out.
      store.cannotRead(e);
      timing.later(1000, dispatcher::start);
    }
  }

  private void readEntries(Dispatcher dispatcher, Wish wish) throws SQLException {
    long to = end.getAsLong();
    List<Entry> entries =
        readers.read(
            reader -> reader.entries(wish.from(), to, kinds.wanted(wish.filter()), AT_ONCE));
    boolean all = entries.size() < AT_ONCE;
    long next = all ? Math.max(to, wish.from()) : entries.get(entries.size() - 1).position() + 1;
    dispatcher.caughtUp(entries, next, end);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

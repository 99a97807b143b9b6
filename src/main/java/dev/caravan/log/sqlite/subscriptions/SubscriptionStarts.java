package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.dispatch.running.Dispatchers;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.sqlite.commit.Transactions;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.StoredSubscription;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Starts subscriptions, one at a time, each where it left off or where it asks to start. */
public final class SubscriptionStarts {
  private static final long LONGEST_WAIT_FOR_RUNNING_MILLIS = 30_000;

  private final Transactions transactions;
  private final Readers readers;
  private final EventTypes kinds;
  private final LongSupplier end;
  private final RunningSubscriptions running;
  private final Dispatchers dispatchers;
  private final LogCounters counters;
  private final Lock starts;

  /**
   * @param end the first position that is not committed yet
   * @param starts held while one starts
   */
  public SubscriptionStarts(
      Transactions transactions,
      Readers readers,
      EventTypes kinds,
      LongSupplier end,
      RunningSubscriptions running,
      Dispatchers dispatchers,
      LogCounters counters,
      Lock starts) {
    this.transactions = transactions;
    this.readers = readers;
    this.kinds = kinds;
    this.end = end;
    this.running = running;
    this.dispatchers = dispatchers;
    this.counters = counters;
    this.starts = starts;
  }

  /** See {@link dev.caravan.log.DeliveryLog#subscribe}. */
  public Subscription start(SubscriptionSettings settings, DeliveryHandler handler) {
    starts.lock();
    try {
      RunningSubscription before = running.find(settings.name());
      if (before != null) {
        awaitEnd(before);
      }
      SubscriptionStart start =
          new SubscriptionStart(settings, firstPosition(settings.startFrom()));
      SkippedDeliveries skipped = skipped(start);
      RunningSubscription begun = begin(start, settings, handler, before);
      skipped.report(settings.name());
      begun.start();
      return begun;
    } finally {
      starts.unlock();
    }
  }

  private RunningSubscription begin(
      SubscriptionStart start,
      SubscriptionSettings settings,
      DeliveryHandler handler,
      @Nullable RunningSubscription before) {
    return transactions.run(
        writer -> {
          StoredSubscription stored = start.write(writer);
          return dispatchers.begin(
              stored.id(),
              stored.cursor(),
              stored.paused(),
              settings,
              handler,
              counters.of(settings.name()));
        },
        begun -> {
          // The outcomes of the one before were written in this transaction.
          if (before != null) {
            running.remove(before);
          }
          running.add(begun);
        });
  }

  /** Null for the end of the log at the time when the subscription is created. */
  private @Nullable Long firstPosition(StartFrom startFrom) {
    if (startFrom.time().isAfter(Instant.now())) {
      return null;
    }
    long last =
        end.getAsLong(); // first: what is committed meanwhile is found below, or comes later
    Long first = readers.ask(reader -> reader.firstSince(startFrom.time()));
    return first == null ? last : first;
  }

  private SkippedDeliveries skipped(SubscriptionStart start) {
    return readers.ask(reader -> start.skipped(reader, end.getAsLong(), kinds));
  }

  private static void awaitEnd(RunningSubscription before) {
    if (!before.isClosed()) {
      throw new IllegalStateException(
          "A subscription named '" + before.name() + "' is running already");
    }
    try {
      if (!before.awaitIdle(LONGEST_WAIT_FOR_RUNNING_MILLIS)) {
        throw new IllegalStateException(
            "Subscription '%s' still has attempts running from before; it can start when they have ended."
                .formatted(before.name()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while '" + before.name() + "' was stopping", e);
    }
  }
}

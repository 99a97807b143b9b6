package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.tables.BodyTable;
import dev.caravan.log.sqlite.tables.SubscriptionTable;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription starts: a new one where it asks to, a returning one where it left off;
 * neither before the oldest body that is kept.
 */
final class SubscriptionStart {
  private static final int MOST_RESTORED = 10_000;

  private final SubscriptionSettings settings;
  private final @Nullable Long first;

  /**
   * @param first where a new one begins, or null for the end of the log
   */
  SubscriptionStart(SubscriptionSettings settings, @Nullable Long first) {
    this.settings = settings;
    this.first = first;
  }

  /** What a returning subscription has missed. */
  SkippedDeliveries skipped(DeliveryReader reader, long end, EventTypes kinds) throws SQLException {
    StoredSubscription stored = reader.subscription(settings.name());
    long keptFrom = Objects.requireNonNullElse(reader.keptFrom(), end);
    if (stored == null) {
      return SkippedDeliveries.NONE;
    }
    return stored.next() >= keptFrom
        ? new SkippedDeliveries(forgotten(reader, stored.unfinished()), 0)
        : SkippedDeliveries.count(reader, stored, keptFrom, kinds.wanted(settings.filter()));
  }

  /** How many are not known at all any more; the others fail when it runs them. */
  private static long forgotten(DeliveryReader reader, List<Long> unfinished) throws SQLException {
    return unfinished.size() - (long) reader.entries(unfinished).size();
  }

  /** Writes the row with which it starts, and returns it. */
  StoredSubscription write(Transaction writer) throws SQLException {
    SubscriptionTable subscriptions = writer.subscriptions();
    StoredSubscription stored = subscriptions.find(settings.name());
    long keptFrom = Objects.requireNonNullElse(writer.bodies().keptFrom(), writer.next());
    if (stored == null) {
      long start = first == null ? writer.next() : first;
      subscriptions.create(settings.name(), Math.max(start, keptFrom), System.currentTimeMillis());
      if (start < keptFrom) {
        StoredSubscription made = Objects.requireNonNull(subscriptions.find(settings.name()));
        runRestored(writer, made.id(), new StoredCursor(start, List.of()));
      }
    } else if (stored.next() < keptFrom) {
      runRestored(writer, stored.id(), stored.cursor());
      subscriptions.goOnAt(stored, keptFrom);
    }
    StoredSubscription written = Objects.requireNonNull(subscriptions.find(settings.name()));
    writer.decideOnSentAgain(written.id(), settings.filter());
    return written;
  }

  /** Makes due what it would skip although a redelivery brought the body back. */
  private void runRestored(Transaction writer, long subscription, StoredCursor cursor)
      throws SQLException {
    for (BodyTable.Going body : writer.bodies().restored(Long.MAX_VALUE, MOST_RESTORED)) {
      Envelope entry = body.entry();
      if (cursor.isAhead(entry.position()) && body.runs() && entry.isWantedBy(settings.filter())) {
        writer.subscriptions().due(subscription, entry.position(), 0, System.currentTimeMillis());
      }
    }
  }
}

package dev.caravan.log.reading;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.subscription.OrderBy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What running subscriptions read from a log in tables; an engine adds its own parts. Safe for use
 * by many threads.
 */
public abstract class ReadingStore implements SubscriptionStore {
  private final Readers readers;
  private final RecentDeliveries recent;
  private final ReadFailures failures;

  protected ReadingStore(Readers readers, RecentDeliveries recent, ReadFailures failures) {
    this.readers = readers;
    this.recent = recent;
    this.failures = failures;
  }

  @Override
  public @Nullable Delivery load(long position) throws UnreadableException {
    Delivery delivery = recent.find(position);
    return delivery != null ? delivery : read(reader -> reader.load(position));
  }

  @Override
  public Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException {
    return read(reader -> reader.runs().newest(subscription, orderBy, after, before));
  }

  @Override
  public long askedForAgainAt(long subscription, long position, int turns)
      throws UnreadableException {
    return read(reader -> reader.runs().askedForAgainAt(subscription, position, turns));
  }

  /** Asks a reader, and takes note when it fails. */
  protected final <T extends @Nullable Object> T read(Readers.Question<T> question)
      throws UnreadableException {
    try {
      return readers.read(question);
    } catch (SQLException e) {
      failures.met(e);
      throw new UnreadableException(e, failures.isForGood(e));
    }
  }

  @Override
  public @Nullable String guidAt(long position) {
    try {
      return readers.read(reader -> reader.guidAt(position));
    } catch (SQLException | RuntimeException | Error e) { // there was trouble before this
      return null;
    }
  }
}

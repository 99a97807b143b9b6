package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.OrderBy;
import dev.caravan.log.UnknownSubscriptionException;
import dev.caravan.log.dispatch.Run;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.tables.Readers;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What subscriptions that run in this process get from the log. */
final class SqliteSubscriptionStore implements SubscriptionStore {
  private final Readers readers;
  private final RecentDeliveries recent;
  private final ReadFailures readFailures;
  private final CatchUp catchUp;
  private final Committer committer;
  private final Supplier<String> trouble;

  SqliteSubscriptionStore(
      Readers readers,
      RecentDeliveries recent,
      ReadFailures readFailures,
      CatchUp catchUp,
      Committer committer,
      Supplier<String> trouble) {
    this.readers = readers;
    this.recent = recent;
    this.readFailures = readFailures;
    this.catchUp = catchUp;
    this.committer = committer;
    this.trouble = trouble;
  }

  @Override
  public @Nullable Delivery load(long position) throws UnreadableException {
    Delivery delivery = recent.find(position);
    return delivery != null ? delivery : read(reader -> reader.load(position));
  }

  @Override
  public Run newestRun(long subscription, OrderBy orderBy, Delivery.Subject subject, long after)
      throws UnreadableException {
    return read(reader -> reader.runs().newest(subscription, orderBy, subject, after));
  }

  @Override
  public long askedForAgainAt(long subscription, long position, int turns)
      throws UnreadableException {
    return read(reader -> reader.runs().askedForAgainAt(subscription, position, turns));
  }

  private <T extends @Nullable Object> T read(Readers.Question<T> question)
      throws UnreadableException {
    try {
      return readers.read(question);
    } catch (SQLException e) {
      readFailures.met(e);
      throw new UnreadableException(e, Damage.is(e));
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

  @Override
  public void requestReading(RunningSubscription subscription) {
    catchUp.request(subscription);
  }

  @Override
  public void outcomeWaiting(boolean urgent) {
    committer.outcomeWaiting(urgent);
  }

  @Override
  public void setPaused(String subscription, boolean paused) {
    if (!committer.run(writer -> writer.subscriptions().pause(subscription, paused))) {
      throw new UnknownSubscriptionException(
          subscription,
          committer.run(writer -> writer.subscriptions().all()).stream()
              .map(StoredSubscription::name)
              .toList());
    }
  }

  @Override
  public String trouble() {
    return trouble.get();
  }
}

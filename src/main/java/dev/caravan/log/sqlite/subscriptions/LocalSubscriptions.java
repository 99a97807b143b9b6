package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Backlog;
import dev.caravan.log.state.LogState;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.SubscriptionStatus;
import dev.caravan.log.tables.EventTypes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of an engine whose subscriptions all run in this process.
 *
 * @param head the first position that is not committed yet
 */
public record LocalSubscriptions(RunningSubscriptions running, EventTypes kinds, LongSupplier head)
    implements Subscriptions, LogState {
  @Override
  public long end(DeliveryReader reader) {
    return head.getAsLong();
  }

  @Override
  public Subscriptions subscriptions(DeliveryReader reader) {
    return this;
  }

  @Override
  public @Nullable Running find(String name) {
    RunningSubscription found = running.find(name);
    return found == null ? null : new Local(found, kinds, head);
  }

  @Override
  public List<Running> open() {
    return running.open().stream().<Running>map(each -> new Local(each, kinds, head)).toList();
  }

  private record Local(RunningSubscription subscription, EventTypes kinds, LongSupplier head)
      implements Running {
    @Override
    public String name() {
      return subscription.name();
    }

    @Override
    public boolean isOpen() {
      return !subscription.isClosed();
    }

    @Override
    public EventFilter filter() {
      return subscription.filter();
    }

    @Override
    public boolean isStrict() {
      return subscription.isStrict();
    }

    @Override
    public SubscriptionStatus status() {
      return subscription.status();
    }

    @Override
    public Progress progress() {
      RunningSubscription.Progress progress = subscription.progress();
      return new Progress(progress.readTo(), progress.unfinished(), progress.firstAhead());
    }

    @Override
    public boolean isAhead(long position, @Nullable String repository) {
      return subscription.isAhead(position);
    }

    @Override
    public Backlog backlog(DeliveryReader reader, long most) throws SQLException {
      return BacklogCount.of(this, kinds, reader, head.getAsLong(), most);
    }

    @Override
    public Standing standing(long position) {
      return switch (subscription.standing(position)) {
        case FREE -> Standing.FREE;
        case WAITING -> Standing.WAITING;
        case BEING_WRITTEN -> Standing.BEING_WRITTEN;
      };
    }

    @Override
    public @Nullable Failure lastFailure() {
      Outcome last = subscription.lastFailure();
      return last == null
          ? null
          : new Failure(last.error(), Instant.ofEpochMilli(last.startedAt() + last.took()));
    }
  }
}

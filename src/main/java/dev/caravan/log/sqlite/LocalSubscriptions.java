package dev.caravan.log.sqlite;

import dev.caravan.log.EventFilter;
import dev.caravan.log.SubscriptionStatus;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.search.Subscriptions;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subscriptions of an engine whose subscriptions all run in this process. */
record LocalSubscriptions(RunningSubscriptions running) implements Subscriptions {
  @Override
  public @Nullable Running find(String name) {
    RunningSubscription found = running.find(name);
    return found == null ? null : new Local(found);
  }

  @Override
  public List<Running> open() {
    return running.open().stream().<Running>map(Local::new).toList();
  }

  private record Local(RunningSubscription subscription) implements Running {
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
    public boolean isAhead(long position) {
      return subscription.isAhead(position);
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

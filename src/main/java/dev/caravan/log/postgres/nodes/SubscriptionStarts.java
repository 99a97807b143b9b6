package dev.caravan.log.postgres.nodes;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.dispatch.Timing;
import dev.caravan.log.dispatch.running.Dispatchers;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.running.OutcomeWriter;
import dev.caravan.log.postgres.running.ShardStore;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.wording.Count;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts subscriptions on this node, one at a time, and ends them. */
public final class SubscriptionStarts implements LocalSubscription.Owner {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long LONGEST_WAIT_FOR_RUNNING_MILLIS = 30_000;

  private final Sessions sessions;
  private final SubscriptionTable table;
  private final LocalSubscriptions subscriptions;
  private final Dispatchers dispatchers;
  private final ShardStore store;
  private final LogCounters counters;
  private final Timing timing;
  private final Heartbeat heartbeat;
  private final Pauses pauses;
  private final OutcomeWriter outcomes;

  public SubscriptionStarts(
      Sessions sessions,
      SubscriptionTable table,
      LocalSubscriptions subscriptions,
      Dispatchers dispatchers,
      ShardStore store,
      LogCounters counters,
      Timing timing,
      Heartbeat heartbeat,
      Pauses pauses,
      OutcomeWriter outcomes) {
    this.sessions = sessions;
    this.table = table;
    this.subscriptions = subscriptions;
    this.dispatchers = dispatchers;
    this.store = store;
    this.counters = counters;
    this.timing = timing;
    this.heartbeat = heartbeat;
    this.pauses = pauses;
    this.outcomes = outcomes;
  }

  /** As {@link dev.caravan.log.DeliveryLog#subscribe}. */
  public synchronized Subscription start(SubscriptionSettings settings, DeliveryHandler handler) {
    awaitEnd(subscriptions.find(settings.name()));
    try {
      SubscriptionTable.Begun begun = begin(settings);
      LocalSubscription subscription =
          new LocalSubscription(
              begun.id(),
              begun.paused(),
              settings,
              handler,
              dispatchers,
              counters.of(settings.name()),
              store,
              this);
      if (begun.missed() > 0) {
        LOG.warn(
            "Subscription \"{}\" was away for so long that the log no longer keeps {} it had not run. It continues after them; a redelivery from GitHub runs one.",
            settings.name(),
            Count.of(begun.missed(), "delivery"));
      }
      heartbeat.begin(subscription);
      return subscription;
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be written: " + e.getMessage(), e);
    }
  }

  /** Those that run begin again, in a database that may not know them. */
  public void again() throws SQLException {
    for (LocalSubscription each : subscriptions) {
      if (!each.isClosed()) {
        SubscriptionTable.Begun begun = begin(each.settings());
        each.beginsAnew(begun.id(), begun.paused());
      }
    }
  }

  private SubscriptionTable.Begun begin(SubscriptionSettings settings) throws SQLException {
    return sessions.run(
        connection ->
            table.begin(
                connection,
                settings.name(),
                settings.filter(),
                settings.startFrom(),
                timing.millis()));
  }

  private void awaitEnd(@Nullable LocalSubscription before) {
    if (before == null) {
      return;
    }
    if (!before.isClosed()) {
      throw new IllegalStateException(
          "A subscription named '" + before.name() + "' is running already");
    }
    try {
      outcomes.outcomeWaiting(true);
      if (!before.awaitEnd(LONGEST_WAIT_FOR_RUNNING_MILLIS)) {
        throw new IllegalStateException(
            "Subscription '%s' still has attempts running from before; it can start when they have ended."
                .formatted(before.name()));
      }
      subscriptions.remove(before);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while '" + before.name() + "' was stopping", e);
    }
  }

  @Override
  public void setPaused(String subscription, boolean paused) {
    pauses.set(subscription, paused);
  }

  @Override
  public void closed(LocalSubscription subscription) {
    subscriptions.removeIfOver(subscription);
    outcomes.outcomeWaiting(true);
    try {
      heartbeat.end(subscription);
    } catch (SQLException e) {
      LOG.debug("Other nodes learn later that a subscription has ended here", e);
    }
  }
}

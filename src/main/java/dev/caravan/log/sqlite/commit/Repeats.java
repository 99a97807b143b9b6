package dev.caravan.log.sqlite.commit;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscription.Redelivery;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.sqlite.tables.Completions;
import dev.caravan.log.sqlite.tables.Completions.Completion;
import dev.caravan.log.sqlite.tables.DeliveryTable;
import dev.caravan.log.sqlite.tables.SubscriptionTable;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.RepeatLines;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides what a repeat does: GitHub redelivers under the same GUID, and sends one GUID for all
 * hooks that an event reaches.
 *
 * <p>It runs for each subscription that wants it and has not completed it: dead-lettered, waiting
 * for a retry, created since, or one that did not want it then. For all others it does nothing. For
 * the committer's thread.
 */
final class Repeats {
  private final DeliveryTable deliveries;
  private final SubscriptionTable subscriptions;
  private final Completions completions;
  private final RunningSubscriptions running;
  private final PreparedStatement owners;
  private final PreparedStatement isDue;

  Repeats(
      Connection writer,
      DeliveryTable deliveries,
      SubscriptionTable subscriptions,
      Completions completions,
      RunningSubscriptions running)
      throws SQLException {
    this.deliveries = deliveries;
    this.subscriptions = subscriptions;
    this.completions = completions;
    this.running = running;
    owners =
        writer.prepareStatement(
            """
            SELECT s.id, s.name, l.position IS NOT NULL FROM subscription s
              LEFT JOIN dead_letter l ON l.subscription = s.id AND l.position = ?1
              LEFT JOIN due u ON u.subscription = s.id AND u.position = ?1
            WHERE l.position IS NOT NULL OR u.position IS NOT NULL""");
    isDue = writer.prepareStatement("SELECT 1 FROM due WHERE subscription = ? AND position = ?");
  }

  /**
   * Takes a repeat with the same payload.
   *
   * @param position the position of the first delivery
   * @param ofSeveral whether the GUID has deliveries of several hooks
   * @param dueChanged gets the subscriptions that have something to run now
   */
  void repeat(
      NewDelivery added, long position, boolean ofSeveral, Set<RunningSubscription> dueChanged)
      throws SQLException {
    deliveries.repeated(added, position);
    List<String> again = new ArrayList<>();
    List<String> done = new ArrayList<>();
    revive(position, added.delivery());
    for (RunningSubscription dispatcher : running) {
      if (!dispatcher.filter().wants(added.delivery())) {
        continue;
      }
      if (runsAgain(dispatcher, position)) {
        again.add(dispatcher.name());
        dueChanged.add(dispatcher);
      } else {
        Completion completion = completions.find(dispatcher.id(), position);
        done.add(
            dispatcher.name()
                + (completion == null || completion.at() == null ? "" : " at " + completion.at()));
      }
    }
    String guid = added.delivery().guid();
    DeliveryName name =
        new DeliveryName(
            guid, ofSeveral && added.sentBy() != NewDelivery.NO_HOOK ? added.sentBy() : null);
    RepeatLines.repeat(added.delivery(), name, again, done);
  }

  private record Owner(long id, String name, boolean dead) {}

  /**
   * Makes a dead letter due again, and a waiting retry too, unless the route does not want the
   * event any more. A subscription that is not running finds the row when it begins; its dead
   * letter stays one until then, see {@link dev.caravan.log.tables.SentAgainWhileAway}.
   */
  private void revive(long position, Delivery delivery) throws SQLException {
    List<Owner> found = new ArrayList<>();
    owners.setLong(1, position);
    try (ResultSet row = owners.executeQuery()) {
      while (row.next()) {
        found.add(new Owner(row.getLong(1), row.getString(2), row.getBoolean(3)));
      }
    }
    for (Owner owner : found) {
      RunningSubscription runs = running.find(owner.name());
      boolean isAway = runs == null || runs.isClosed();
      boolean isLeft = runs == null || (owner.dead() && (isAway || runs.filter().wants(delivery)));
      if (isLeft && owner.dead() && !isAway) {
        subscriptions.revive(owner.id(), position);
      }
      if (isLeft) {
        subscriptions.due(owner.id(), position, 0, System.currentTimeMillis());
      }
    }
  }

  private boolean runsAgain(RunningSubscription dispatcher, long position) throws SQLException {
    long subscription = dispatcher.id();
    Redelivery redelivery = dispatcher.redelivered(position);
    if (redelivery != Redelivery.NOT_KNOWN) {
      return redelivery == Redelivery.RUNS;
    }
    boolean again =
        isDue(subscription, position) || completions.find(subscription, position) == null;
    if (again) {
      subscriptions.due(subscription, position, 0, System.currentTimeMillis());
    } else {
      dispatcher.completedBefore(position);
    }
    return again;
  }

  private boolean isDue(long subscription, long position) throws SQLException {
    isDue.setLong(1, subscription);
    isDue.setLong(2, position);
    try (ResultSet row = isDue.executeQuery()) {
      return row.next();
    }
  }
}

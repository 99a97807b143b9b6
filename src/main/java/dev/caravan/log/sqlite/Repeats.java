package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.logging.LinesAbout;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a delivery does whose GUID was seen before: GitHub redelivers under the same GUID,
 * and sends one GUID for all hooks that an event reaches.
 *
 * <p>It runs for each subscription that wants it and has not completed it: dead-lettered, waiting
 * for a retry, or created since. For all others it does nothing. Belongs to the committer's thread.
 */
final class Repeats {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final DeliveryWrites deliveries;
  private final SubscriptionWrites subscriptions;
  private final RunningSubscriptions running;
  private final PreparedStatement dead;
  private final PreparedStatement isDue;
  private final PreparedStatement completedAt;

  Repeats(
      Connection writer,
      DeliveryWrites deliveries,
      SubscriptionWrites subscriptions,
      RunningSubscriptions running)
      throws SQLException {
    this.deliveries = deliveries;
    this.subscriptions = subscriptions;
    this.running = running;
    dead = writer.prepareStatement("SELECT subscription FROM dead_letter WHERE position = ?");
    isDue = writer.prepareStatement("SELECT 1 FROM due WHERE subscription = ? AND position = ?");
    completedAt =
        writer.prepareStatement(
            "SELECT max(started_at + took) FROM attempt WHERE position = ? AND subscription = ? AND error IS NULL");
  }

  /** Says that a GUID was used before for another payload: kept, flagged, and not run. */
  static void reportDiffering(Delivery delivery) {
    about(delivery)
        .during(
            () ->
                LOG.warn(
                    "Delivery {} came again with another payload. It is kept and not run; see it with: caravan deliveries show {}",
                    delivery.guid(),
                    delivery.guid()));
  }

  /**
   * Takes a repeat with the same payload.
   *
   * @param position of the first
   * @param dueChanged gets the subscriptions that have something to run now
   */
  void repeat(Append append, long position, Set<Dispatcher> dueChanged) throws SQLException {
    deliveries.repeated(append, position);
    List<String> again = new ArrayList<>();
    List<String> done = new ArrayList<>();
    reviveDead(position);
    for (Dispatcher dispatcher : running) {
      if (!dispatcher.wants(append.delivery())) {
        continue;
      }
      if (runsAgain(dispatcher, position)) {
        again.add(dispatcher.name());
        dueChanged.add(dispatcher);
      } else {
        done.add(dispatcher.name() + completion(dispatcher, position));
      }
    }
    report(append.delivery(), again, done);
  }

  private static void report(Delivery delivery, List<String> again, List<String> done) {
    String runs = again.isEmpty() ? "" : " It runs for " + String.join(", ", again) + ".";
    String completed =
        done.isEmpty()
            ? ""
            : " Completed by %s; to run it again: caravan replay %s"
                .formatted(String.join(", ", done), delivery.guid());
    about(delivery)
        .during(() -> LOG.info("Delivery {} came again.{}{}", delivery.guid(), runs, completed));
  }

  private static LinesAbout about(Delivery delivery) {
    return new LinesAbout(delivery.guid(), delivery.event(), delivery.subject().repository());
  }

  /** A dead letter runs again, also for a subscription that is not running: it will find it. */
  private void reviveDead(long position) throws SQLException {
    List<Long> owners = new ArrayList<>();
    dead.setLong(1, position);
    try (ResultSet row = dead.executeQuery()) {
      while (row.next()) {
        owners.add(row.getLong(1));
      }
    }
    for (long subscription : owners) {
      subscriptions.revive(subscription, position);
      subscriptions.due(subscription, position, 0, System.currentTimeMillis());
    }
  }

  private boolean runsAgain(Dispatcher dispatcher, long position) throws SQLException {
    long subscription = dispatcher.id();
    Window.Redelivery redelivery = dispatcher.redelivered(position);
    if (redelivery != Window.Redelivery.NOT_KNOWN) {
      return redelivery == Window.Redelivery.RUNS;
    }
    boolean again =
        exists(subscription, position)
            || (isOutsideTheCursor(dispatcher, position)
                && completion(dispatcher, position).isEmpty());
    if (again) {
      subscriptions.due(subscription, position, 0, System.currentTimeMillis());
    }
    return again;
  }

  private boolean isOutsideTheCursor(Dispatcher dispatcher, long position) throws SQLException {
    return position < dispatcher.first() || subscriptions.wasSkipped(dispatcher.id(), position);
  }

  private boolean exists(long subscription, long position) throws SQLException {
    isDue.setLong(1, subscription);
    isDue.setLong(2, position);
    try (ResultSet row = isDue.executeQuery()) {
      return row.next();
    }
  }

  private String completion(Dispatcher dispatcher, long position) throws SQLException {
    completedAt.setLong(1, position);
    completedAt.setLong(2, dispatcher.id());
    try (ResultSet row = completedAt.executeQuery()) {
      long at = row.getLong(1);
      return row.wasNull() ? "" : " at " + Instant.ofEpochMilli(at);
    }
  }
}

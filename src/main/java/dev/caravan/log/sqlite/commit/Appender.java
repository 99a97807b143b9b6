package dev.caravan.log.sqlite.commit;

import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.sqlite.commit.CommittedBatch.Appended;
import dev.caravan.log.sqlite.commit.CommittedBatch.Repeated;
import dev.caravan.log.sqlite.tables.DeliveryTable;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.RepeatLines;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Appends deliveries in the current transaction, each at the next position unless it is a repeat.
 * For the committer's thread.
 */
public final class Appender {
  private final DeliveryTable deliveries;
  private final Repeats repeats;
  private List<Appended> appended = new ArrayList<>();
  private Repeated repeated = new Repeated();
  private long first;
  private long next;

  Appender(Connection connection, DeliveryTable deliveries, Repeats repeats) throws SQLException {
    this.deliveries = deliveries;
    this.repeats = repeats;
    this.next = firstFree(connection);
    this.first = next;
  }

  /** The position the next delivery gets. */
  long next() {
    return next;
  }

  /**
   * Appends a delivery unless it is a repeat; returns its position.
   *
   * @param dueChanged gets the subscriptions that have something to run now
   */
  long append(NewDelivery added, Set<RunningSubscription> dueChanged) throws SQLException {
    DeliveryTable.SameContent same = deliveries.sameContent(added);
    if (same != null && !same.guid().equals(added.delivery().guid())) {
      repeated.copies++;
      RepeatLines.copy(added.delivery(), same.guid());
      return same.position();
    }
    return deliveries.insert(added, next) ? appended(added) : sameGuid(added, dueChanged);
  }

  private long appended(NewDelivery added) {
    appended.add(new Appended(next, added.delivery()));
    return next++;
  }

  /** GitHub sends one GUID to all hooks that an event reaches, and the same when it redelivers. */
  private long sameGuid(NewDelivery added, Set<RunningSubscription> dueChanged)
      throws SQLException {
    List<DeliveryTable.Known> known = deliveries.sameGuid(added);
    for (DeliveryTable.Known before : known) {
      if (before.checksum() == added.checksum()) {
        repeated.same++;
        repeats.repeat(added, before.position(), known.size() > 1, dueChanged);
        return before.position();
      }
    }
    for (DeliveryTable.Known before : known) {
      if (before.isFrom(added.sentBy())) {
        return differing(added, before.position());
      }
    }
    deliveries.insertOfAnotherHook(added, next);
    return appended(added);
  }

  private long differing(NewDelivery added, long before) throws SQLException {
    repeated.different++;
    Long kept = deliveries.differing(added, before);
    if (kept != null) {
      deliveries.repeated(added, kept);
      return kept;
    }
    deliveries.insertDiffering(added, next, before);
    RepeatLines.differing(added.delivery(), next);
    return next++;
  }

  /** The transaction is on disk; returns what it has appended. */
  CommittedBatch committed(Set<RunningSubscription> dueChanged) {
    CommittedBatch batch = new CommittedBatch(appended, first, next, repeated, dueChanged);
    appended = new ArrayList<>();
    repeated = new Repeated();
    first = next;
    return batch;
  }

  /** The next position: never one that was given out before, even if its delivery is gone. */
  public static long firstFree(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT max(
                  (SELECT ifnull(max(position), 0) + 1 FROM delivery),
                  (SELECT ifnull(max(next), 1) FROM subscription),
                  (SELECT ifnull(max(position), 1) FROM next_position))""")) {
      return row.getLong(1);
    }
  }
}

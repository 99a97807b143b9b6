package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.search.SearchIndex;
import dev.caravan.log.tables.BodyTable;
import dev.caravan.log.tables.Completions;
import dev.caravan.log.tables.DeliveryTable;
import dev.caravan.log.tables.DueTable;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.GuidRemovals;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.RepeatLines;
import dev.caravan.log.tables.SubscriptionTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/**
 * The connection that writes, with its statements and the transaction under way. For the
 * committer's thread; after a failure it is thrown away and another opened.
 */
final class Transaction implements AutoCloseable {
  private final Connection connection;
  private final RunningSubscriptions running;
  private final DeliveryTable deliveries;
  private final SubscriptionTable subscriptions;
  private final DueTable due;
  private final Repeats repeats;
  private final BodyTable bodies;
  private final GuidRemovals guids;
  private final PreparedStatement pages;
  private List<Appended> appended = new ArrayList<>();
  private Repeated repeated = new Repeated();
  private Set<RunningSubscription> dueChanged = new HashSet<>();
  private long firstOfTransaction;
  private long next;

  Transaction(Database database, EventTypes kinds, RunningSubscriptions running)
      throws SQLException {
    this.connection = database.openWriter();
    this.running = running;
    kinds.reload(connection);
    this.deliveries = new DeliveryTable(connection, kinds);
    this.subscriptions = new SubscriptionTable(connection);
    this.due = new DueTable(connection);
    Completions completions = new Completions(connection);
    this.repeats = new Repeats(connection, deliveries, subscriptions, completions, running);
    this.bodies = new BodyTable(connection, kinds, completions);
    this.guids = new GuidRemovals(connection);
    this.pages =
        connection.prepareStatement(
            "SELECT page_count, freelist_count, page_size"
                + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
    this.next = firstFree(connection);
    this.firstOfTransaction = next;
  }

  /** A delivery that was not in the log before. */
  record Appended(long position, Delivery delivery) {
    Envelope entry() {
      return new Envelope(position, delivery.event(), delivery.subject(), delivery.body().length);
    }
  }

  /**
   * What a transaction has appended: everything from {@code first} up to, without, {@code next}.
   *
   * @param dueChanged the subscriptions whose due rows it has changed from outside
   */
  record Batch(
      List<Appended> appended,
      long first,
      long next,
      Repeated repeated,
      Set<RunningSubscription> dueChanged) {}

  /** How many deliveries of a transaction had come before. */
  static final class Repeated {
    /** Under their GUID, with the same payload. */
    int same;

    /** Under their GUID, with another payload. */
    int different;

    /** Under another GUID, with the same payload. */
    int copies;
  }

  /** Appends, or finds that the delivery is a repeat; returns where it is. */
  long append(NewDelivery added) throws SQLException {
    DeliveryTable.SameContent same = deliveries.sameContent(added);
    if (same != null && !same.guid().equals(added.delivery().guid())) {
      repeated.copies++;
      RepeatLines.copy(added.delivery(), same.guid());
      return same.position();
    }
    return deliveries.insert(added, next) ? appended(added) : sameGuid(added);
  }

  private long appended(NewDelivery added) {
    appended.add(new Appended(next, added.delivery()));
    return next++;
  }

  /** GitHub sends one GUID to all hooks that an event reaches, and again when it redelivers. */
  private long sameGuid(NewDelivery added) throws SQLException {
    List<DeliveryTable.Known> known = deliveries.sameGuid(added);
    for (DeliveryTable.Known first : known) {
      if (first.checksum() == added.checksum()) {
        repeated.same++;
        repeats.repeat(added, first.position(), known.size() > 1, dueChanged);
        return first.position();
      }
    }
    for (DeliveryTable.Known first : known) {
      if (first.isFrom(added.sentBy())) {
        return differing(added, first.position());
      }
    }
    deliveries.insertOfAnotherHook(added, next);
    return appended(added);
  }

  private long differing(NewDelivery added, long first) throws SQLException {
    repeated.different++;
    Long kept = deliveries.differing(added, first);
    if (kept != null) {
      deliveries.repeated(added, kept);
      return kept;
    }
    deliveries.insertDiffering(added, next, first);
    RepeatLines.differing(added.delivery(), next);
    return next++;
  }

  /** The due deliveries of this subscription, if it runs, are changed in here, from outside. */
  void dueChanged(String subscription) {
    RunningSubscription found = running.find(subscription);
    if (found != null) {
      dueChanged.add(found);
    }
  }

  /** Writes without changing anything, to see whether that works again. */
  void probe() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Schema.stamp(statement);
    }
  }

  SubscriptionTable subscriptions() {
    return subscriptions;
  }

  DueTable due() {
    return due;
  }

  BodyTable bodies() {
    return bodies;
  }

  /** Lets those dictionaries know what is stored. */
  void load(Dictionaries dictionaries) throws SQLException {
    dictionaries.load(connection);
  }

  /** Adds what content may be compressed with once this is committed. */
  long addDictionary(int id, byte[] bytes, long trainedTo) throws SQLException {
    Dictionaries.insert(connection, id, bytes, trainedTo);
    return trainedTo;
  }

  /** Takes a stretch into the search index, as {@link SearchIndex} keeps it. */
  void addToIndex(long first, int size, byte[] columns, byte[] mentions) throws SQLException {
    SearchIndex.add(connection, first, size, columns, mentions);
  }

  /** Forgets some of the deliveries received before that time; returns how many. */
  int removeGuids(long before, int most) throws SQLException {
    return guids.remove(before, most, next);
  }

  /** What the file consists of. */
  record Pages(long all, long free, long bytesEach) {
    long bytesUsed() {
      return (all - free) * bytesEach;
    }
  }

  Pages pages() throws SQLException {
    try (ResultSet row = pages.executeQuery()) {
      return new Pages(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** Gives pages that hold nothing back to the file system, at the next checkpoint. */
  void giveBack(int pages) throws SQLException {
    // Not through a statement: the driver would stop after the first page, and keep it open.
    int result =
        connection
            .unwrap(SQLiteConnection.class)
            .getDatabase()
            ._exec("PRAGMA incremental_vacuum(" + pages + ")");
    if (result != SQLiteErrorCode.SQLITE_OK.code) {
      throw new SQLException("Pages cannot be given back: " + SQLiteErrorCode.getErrorCode(result));
    }
  }

  /** The position the next delivery gets. */
  long next() {
    return next;
  }

  /** When the newest delivery was received; null in an empty log. */
  @Nullable Instant newestReceivedAt() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT received_at FROM delivery ORDER BY position DESC LIMIT 1")) {
      return row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null;
    }
  }

  /** Returns after the flush. */
  Batch commit() throws SQLException {
    connection.commit();
    Batch batch = new Batch(appended, firstOfTransaction, next, repeated, dueChanged);
    appended = new ArrayList<>();
    repeated = new Repeated();
    dueChanged = new HashSet<>();
    firstOfTransaction = next;
    return batch;
  }

  @Override
  public void close() throws SQLException {
    connection.close(); // rolls back what was not committed
  }

  /** Never a position that was given out before, even if its delivery is gone. */
  private static long firstFree(Connection connection) throws SQLException {
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

package dev.caravan.log.sqlite.commit;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.search.SearchIndex;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.FilePages;
import dev.caravan.log.sqlite.file.Schema;
import dev.caravan.log.sqlite.tables.BodyTable;
import dev.caravan.log.sqlite.tables.Completions;
import dev.caravan.log.sqlite.tables.DeliveryTable;
import dev.caravan.log.sqlite.tables.DueTable;
import dev.caravan.log.sqlite.tables.GuidRemovals;
import dev.caravan.log.sqlite.tables.SubscriptionTable;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.log.tables.SentAgainWhileAway;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes, with its statements and the current transaction. For the committer's
 * thread; after a failure it is discarded and another is opened.
 */
public final class Transaction implements AutoCloseable {
  private final Connection connection;
  private final EventTypes kinds;
  private final RunningSubscriptions running;
  private final Appender appender;
  private final SubscriptionTable subscriptions;
  private final DueTable due;
  private final BodyTable bodies;
  private final GuidRemovals guids;
  private final FilePages pages;
  private Set<RunningSubscription> dueChanged = new HashSet<>();

  public Transaction(Database database, EventTypes kinds, RunningSubscriptions running)
      throws SQLException {
    this.connection = database.openWriter();
    this.kinds = kinds;
    this.running = running;
    kinds.reload(connection);
    DeliveryTable deliveries = new DeliveryTable(connection, kinds);
    Completions completions = new Completions(connection);
    this.subscriptions = new SubscriptionTable(connection);
    this.appender =
        new Appender(
            connection,
            deliveries,
            new Repeats(connection, deliveries, subscriptions, completions, running));
    this.due = new DueTable(connection);
    this.bodies = new BodyTable(connection, kinds, completions);
    this.guids = new GuidRemovals(connection);
    this.pages = new FilePages(connection);
  }

  /** Appends a delivery unless it is a repeat; returns its position. */
  long append(NewDelivery added) throws SQLException {
    return appender.append(added, dueChanged);
  }

  /** This transaction changes the due rows of that subscription, which is told if it runs. */
  public void dueChanged(String subscription) {
    RunningSubscription found = running.find(subscription);
    if (found != null) {
      dueChanged.add(found);
    }
  }

  /** Writes without changing anything, to see whether writing works again. */
  void probe() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Schema.stamp(statement);
    }
  }

  public SubscriptionTable subscriptions() {
    return subscriptions;
  }

  public DueTable due() {
    return due;
  }

  public BodyTable bodies() {
    return bodies;
  }

  /** A subscription begins and asks for this; see {@link SentAgainWhileAway}. */
  public void decideOnSentAgain(long subscription, EventFilter filter) throws SQLException {
    SentAgainWhileAway.decide(connection, kinds, subscription, filter);
  }

  /** Loads the dictionaries from the file. */
  public void load(Dictionaries dictionaries) throws SQLException {
    dictionaries.load(connection);
  }

  /** Adds a dictionary, to be used once this is committed. */
  public long addDictionary(int id, byte[] bytes, long trainedTo) throws SQLException {
    Dictionaries.insert(connection, id, bytes, trainedTo);
    return trainedTo;
  }

  /** Adds a stretch to the search index; see {@link SearchIndex#add}. */
  void addToIndex(long first, int size, byte[] columns, byte[] mentions) throws SQLException {
    SearchIndex.add(connection, first, size, columns, mentions);
  }

  /** Forgets some of the deliveries received before that time; returns how many. */
  public int removeGuids(long before, int most) throws SQLException {
    return guids.remove(before, most, next());
  }

  public FilePages pages() {
    return pages;
  }

  /** The position the next delivery gets. */
  public long next() {
    return appender.next();
  }

  /** When the newest delivery was received; null in an empty log. */
  @Nullable
  public Instant newestReceivedAt() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT received_at FROM delivery ORDER BY position DESC LIMIT 1")) {
      return row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null;
    }
  }

  /** Commits; returns after the flush. */
  CommittedBatch commit() throws SQLException {
    connection.commit();
    CommittedBatch batch = appender.committed(dueChanged);
    dueChanged = new HashSet<>();
    return batch;
  }

  @Override
  public void close() throws SQLException {
    connection.close(); // rolls back what was not committed
  }
}

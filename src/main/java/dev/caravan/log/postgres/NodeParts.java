package dev.caravan.log.postgres;

import dev.caravan.log.LogOptions;
import dev.caravan.log.Spool;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.running.Dispatchers;
import dev.caravan.log.postgres.append.Append;
import dev.caravan.log.postgres.append.ArrivalTimes;
import dev.caravan.log.postgres.append.Intake;
import dev.caravan.log.postgres.append.Packing;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.DatabaseTiming;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedDictionaries;
import dev.caravan.log.postgres.database.SharedReaders;
import dev.caravan.log.postgres.database.TableMarks;
import dev.caravan.log.postgres.database.Waker;
import dev.caravan.log.postgres.nodes.Heartbeat;
import dev.caravan.log.postgres.nodes.Pauses;
import dev.caravan.log.postgres.nodes.ShardBalance;
import dev.caravan.log.postgres.nodes.SubscriptionStarts;
import dev.caravan.log.postgres.nodes.SubscriptionTable;
import dev.caravan.log.postgres.running.DueNews;
import dev.caravan.log.postgres.running.LocalSubscriptions;
import dev.caravan.log.postgres.running.OutcomeWriter;
import dev.caravan.log.postgres.running.ShardCatchUp;
import dev.caravan.log.postgres.running.ShardStore;
import dev.caravan.log.postgres.running.Tail;
import dev.caravan.log.postgres.shards.NodeLease;
import dev.caravan.log.postgres.shards.NodeMemory;
import dev.caravan.log.reading.DictionaryTraining;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.reading.RecentDeliveries;
import dev.caravan.log.state.LogCounters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts with which a process is a node: they append, run subscriptions, write outcomes and keep
 * the lease. Started and stopped in order.
 */
final class NodeParts {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration LONGEST_READ = Duration.ofSeconds(5);
  private static final int READERS = 4;

  private final Database database;
  private final LocalSubscriptions subscriptions = new LocalSubscriptions();
  private final DatabaseTiming timing = new DatabaseTiming();
  private final RecentDeliveries recent = new RecentDeliveries();
  private final NodeMemory memory;
  private final NodeLease lease;
  private final Availability availability;
  private final SharedReaders readers;
  private final Waker waker;
  private final DictionaryTraining training;
  private final Dispatchers dispatchers;
  private final OutcomeWriter outcomes;
  private final Tail tail;
  private final ShardCatchUp catchUp;
  private final DueNews dueNews;
  private final Heartbeat heartbeat;
  private final Pauses pauses;
  private final ArrivalTimes arrivals;
  private final Intake intake;
  private final SubscriptionStarts starts;
  private final DeadlineWatch deadlines;

  NodeParts(
      Database database,
      LogOptions options,
      Sessions sessions,
      Kinds kinds,
      Dictionaries dictionaries,
      LogCounters counters,
      @Nullable Spool spool) {
    this.database = database;
    this.memory = new NodeMemory(sessions, kinds, dictionaries, recent);
    this.lease = new NodeLease(database.place().lease());
    String meanwhile =
        spool == null
            ? "Deliveries wait for up to 8 s and are then answered 503"
            : "Deliveries that have waited for caravan.log.spool.after are kept on this node's disk";
    this.availability = new Availability(this::startAll, meanwhile);
    this.readers = new SharedReaders(database, kinds.types(), dictionaries, READERS, LONGEST_READ);
    this.waker = new Waker(database);
    this.training =
        new DictionaryTraining(
            dictionaries, readers, new SharedDictionaries(sessions, dictionaries));
    ReadFailures failures = new ReadFailures();
    ShardStore store = new ShardStore(readers, recent, failures, lease, availability);
    this.dispatchers =
        new Dispatchers(
            store, new TableMarks(sessions), options.routeMemory(), options.routeShare(), timing);
    this.outcomes =
        new OutcomeWriter(database, subscriptions, availability, () -> waker.tell(Waker.FREED));
    this.tail = new Tail(database, memory, readers, kinds, subscriptions, failures, this::hear);
    this.catchUp = new ShardCatchUp(readers, kinds, subscriptions, tail::end, timing, failures);
    this.dueNews = new DueNews(subscriptions, waker, catchUp);
    store.connect(catchUp::request, outcomes::outcomeWaiting);
    this.pauses =
        new Pauses(
            sessions,
            subscriptions,
            lease::node,
            waker,
            database.place().lease().multipliedBy(2).toNanos());
    this.heartbeat =
        new Heartbeat(
            database,
            lease,
            subscriptions,
            timing,
            pauses,
            waker,
            availability,
            new ShardBalance(connection -> dispatchers.takeMarks(TableMarks.all(connection))),
            this::readAnew);
    this.arrivals = new ArrivalTimes(options.clock(), timing::millis);
    this.intake =
        Intake.of(
            database,
            kinds,
            timing::millis,
            this::dueChanged,
            this::appended,
            availability,
            counters,
            spool,
            new Packing(options.dedupe(), dictionaries, memory));
    this.deadlines = new DeadlineWatch(timing, lease, subscriptions);
    this.starts =
        new SubscriptionStarts(
            sessions,
            new SubscriptionTable(kinds.types()),
            subscriptions,
            dispatchers,
            store,
            counters,
            timing,
            heartbeat,
            pauses,
            outcomes);
  }

  void start() throws SQLException {
    tail.start();
    heartbeat.start();
    outcomes.start();
    intake.start();
    deadlines.look();
  }

  ArrivalTimes arrivals() {
    return arrivals;
  }

  Intake intake() {
    return intake;
  }

  SubscriptionStarts starts() {
    return starts;
  }

  Dispatchers dispatchers() {
    return dispatchers;
  }

  Pauses pauses() {
    return pauses;
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  Availability availability() {
    return availability;
  }

  LocalSubscriptions subscriptions() {
    return subscriptions;
  }

  OutcomeWriter outcomes() {
    return outcomes;
  }

  private void appended(Map<Long, Append> at, long first, long next) {
    if (subscriptions.keepUp()) {
      at.forEach((position, append) -> recent.put(position, append.added().delivery()));
    }
    database.reached(next);
    tail.committed(at, first, next);
    training.committed(next);
    waker.tell(Waker.APPENDED);
  }

  /** What is due of a shard was changed by another than its owner. */
  void dueChanged(long subscription, int shard) {
    dueNews.dueChanged(subscription, shard);
  }

  /** News from another node. */
  private void hear(String news) {
    if (!dueNews.hear(news)) {
      heartbeat.beatSoon();
    }
  }

  /** The database has another history, after a failover: nothing in memory is certain any more. */
  private void readAnew() throws SQLException {
    memory.isOutdated(); // and no longer used before there is any connection to the new log
    database.goByNewHistory(memory::awaitUnused);
    try (Connection connection = database.open(LONGEST_READ)) {
      Schema.prepare(connection, database.place()); // what was restored may be of an older version
    }
    memory.forget(
        () -> {
          tail.restart();
          starts.again();
        });
  }

  private void startAll() {
    subscriptions.held().forEach(held -> held.dispatcher().start());
  }

  /** Gives everything up, to spare other nodes the wait for the end of the lease. */
  void close() {
    deadlines.close();
    training.close();
    subscriptions.held().forEach(held -> held.dispatcher().close());
    try {
      List.<Ending>of(
              intake::close,
              catchUp::close,
              outcomes::close,
              tail::close,
              heartbeat::close,
              waker::close)
          .forEach(NodeParts::end);
    } finally {
      timing.close();
      readers.close();
      dispatchers.close();
    }
    LOG.debug("This node has left the log");
  }

  /** Ends a part, and waits for that. */
  private interface Ending {
    void run() throws InterruptedException;
  }

  /** Whoever does not wait any more lets all parts end nevertheless, with nobody waiting. */
  private static void end(Ending part) {
    try {
      part.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

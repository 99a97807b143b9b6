package dev.caravan.log.postgres;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogNode;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Spool;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.postgres.database.Availability;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Refusal;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.postgres.database.ServerCheck;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedReaders;
import dev.caravan.log.postgres.running.LocalSubscription;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The delivery log in a PostgreSQL database that several nodes share: assembles, starts and stops
 * the parts of the engine, and passes each call to the part that handles it.
 */
public final class PostgresDeliveryLog implements LogEngine {
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(20);
  private static final Duration LONGEST_LOOKUP = Duration.ofMinutes(5);
  private static final int LOOKUP_READERS = 4;

  private final Database database;
  private final @Nullable Spool spool;
  private final Dictionaries dictionaries = new Dictionaries();
  private final LogCounters counters = new LogCounters();
  private final Sessions sessions;
  private final Kinds kinds;

  /** Not those of dispatching, which must not wait for a search. */
  private final SharedReaders lookupReaders;

  private final NodeParts node;
  private final SharedLookups lookups;
  private volatile boolean closed;

  private PostgresDeliveryLog(Database database, LogOptions options, @Nullable Spool spool)
      throws SQLException {
    this.database = database;
    this.spool = spool;
    this.sessions = new Sessions(database, LONGEST_STATEMENT);
    this.kinds = new Kinds(sessions);
    this.lookupReaders =
        new SharedReaders(database, kinds.types(), dictionaries, LOOKUP_READERS, LONGEST_LOOKUP);
    kinds.refresh();
    sessions.run(
        connection -> {
          dictionaries.load(connection);
          return true;
        });
    this.node = new NodeParts(database, options, sessions, kinds, dictionaries, counters, spool);
    this.lookups =
        new SharedLookups(
            options,
            sessions,
            lookupReaders,
            kinds,
            counters,
            node.heartbeat()::node,
            node::dueChanged,
            () -> node.outcomes().outcomeWaiting(true),
            () -> node.availability().forAttempts(),
            node.subscriptions()::areBehind,
            spool);
  }

  /**
   * Opens the log as a node, and makes missing tables.
   *
   * @throws IllegalStateException with a sentence for the user when that cannot be done
   */
  public static PostgresDeliveryLog open(PostgresPlace place, LogOptions options) {
    return open(place, options, null);
  }

  /**
   * Opens the log as a node, and makes missing tables.
   *
   * @param spool keeps deliveries while the database is away, and is closed with this log; null for
   *     none
   */
  public static PostgresDeliveryLog open(
      PostgresPlace place, LogOptions options, @Nullable Spool spool) {
    PostgresDeliveryLog log = open(place, options, true, spool);
    try {
      log.node.start();
      log.lookups.start();
      return log;
    } catch (SQLException e) {
      log.close();
      throw new IllegalStateException(Refusal.sentence(e, place), e);
    }
  }

  /** Opens it for a short command, which is no node. */
  public static PostgresDeliveryLog openBriefly(PostgresPlace place, LogOptions options) {
    return open(place, options, false, null);
  }

  private static PostgresDeliveryLog open(
      PostgresPlace place, LogOptions options, boolean isNode, @Nullable Spool spool) {
    Database database = new Database(place);
    try {
      try (Connection connection = database.open(LONGEST_STATEMENT)) {
        ServerCheck server = ServerCheck.of(connection, place);
        Schema.prepare(connection, place);
        UnfinishedCopy.refuse(connection, place);
        if (isNode) {
          server.report();
        }
      }
      return new PostgresDeliveryLog(database, options, spool);
    } catch (SQLException e) {
      database.sever();
      throw new IllegalStateException(Refusal.sentence(e, place), e);
    }
  }

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("The delivery log is closed"));
    }
    return node.intake().append(node.arrivals().byDatabase(delivery));
  }

  @Override
  public void sendersWait() {
    node.dispatchers().sendersWait();
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    return node.starts().start(settings, handler);
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    return lookups.replay(request, what);
  }

  @Override
  public List<KnownReplay> replays() {
    return lookups.replays();
  }

  @Override
  public void pause(String subscription) {
    node.pauses().set(subscription, true);
  }

  @Override
  public void resume(String subscription) {
    node.pauses().set(subscription, false);
  }

  @Override
  public long retryNow(String subscription) {
    return lookups.retryNow(subscription);
  }

  @Override
  public DeliveryHistory history() {
    return lookups.history();
  }

  @Override
  public LogFigures figures() {
    return lookups.figures();
  }

  @Override
  public String trouble() {
    return node.intake().trouble();
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    return node.intake().heartbeat();
  }

  @Override
  public void close() {
    closed = true;
    try {
      lookups.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    node.close();
    try {
      if (spool != null) {
        spool.close();
      }
    } finally {
      lookupReaders.close();
      sessions.close();
      database.sever();
    }
  }

  /** For tests: how many shards of a subscription this node runs. */
  int shardsOf(String subscription) {
    LocalSubscription found = node.subscriptions().find(subscription);
    return found == null ? 0 : found.openShards().size();
  }

  /** For tests: what this node knows of the database. */
  Availability availability() {
    return node.availability();
  }

  @Override
  public String node() {
    return database.place().node();
  }

  @Override
  public List<LogNode> nodes() {
    return lookups.nodes().nodes();
  }

  @Override
  public void describe(Map<String, String> node) {
    lookups.nodes().describe(node);
  }

  /** The parts that do the same on every node: they look up, schedule and remove. */
  SharedLookups lookups() {
    return lookups;
  }

  /** For tests: severed, it ends this node as a crash does; only what is committed stays. */
  Database database() {
    return database;
  }
}

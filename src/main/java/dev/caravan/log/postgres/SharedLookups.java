package dev.caravan.log.postgres;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogOptions;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Spool;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.history.SharedIndex;
import dev.caravan.log.postgres.history.SharedLogFigures;
import dev.caravan.log.postgres.history.SharedNodes;
import dev.caravan.log.postgres.history.SharedState;
import dev.caravan.log.postgres.replay.SharedReplayStore;
import dev.caravan.log.postgres.replay.SharedReplays;
import dev.caravan.log.postgres.replay.SharedRetryNow;
import dev.caravan.log.postgres.retention.SharedSweeper;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.replay.ReplayStore;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.SearchIndexer;
import dev.caravan.log.search.TableHistory;
import dev.caravan.log.state.LogCounters;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts that any node can use, whichever node runs a subscription: they look up, schedule and
 * remove in a shared log.
 */
final class SharedLookups {
  private final DeliveryHistory history;
  private final LogFigures figures;
  private final SharedNodes nodes;
  private final SharedReplays replays;
  private final ReplayStore store;
  private final SharedRetryNow retryNow;
  private final SharedSweeper sweeper;
  private final SearchIndexer indexer;

  /**
   * @param number this process's number as a node
   * @param listener is told of which shards due rows were changed
   * @param writeOutcomes has this node's waiting outcomes written
   * @param trouble why nothing can be written now; empty when it can
   * @param areBehind whether what runs on this node has more to run than what has just arrived
   * @param spool keeps deliveries while the database is away; null for none
   */
  SharedLookups(
      LogOptions options,
      Sessions sessions,
      Readers readers,
      Kinds kinds,
      LogCounters counters,
      NodeNumber number,
      DueChanges.Listener listener,
      Runnable writeOutcomes,
      Supplier<String> trouble,
      BooleanSupplier areBehind,
      @Nullable Spool spool) {
    SharedState state = new SharedState(kinds);
    DeliverySearch search = new DeliverySearch(state, kinds.types());
    this.history = new TableHistory(readers, search, state);
    this.nodes = new SharedNodes(sessions, readers, number, options.nanos());
    this.figures =
        new SharedLogFigures(
            counters, readers, state, trouble, nodes, options.retention().size(), spool);
    this.store = new SharedReplayStore(sessions, 0, number, listener, writeOutcomes);
    this.replays =
        new SharedReplays(sessions, readers, state, search, number, listener, writeOutcomes);
    this.retryNow = new SharedRetryNow(sessions, listener);
    this.sweeper =
        new SharedSweeper(options, sessions, kinds.types(), counters, number, listener, trouble);
    this.indexer = SharedIndex.indexer(sessions, readers, number, trouble, areBehind);
  }

  /** Starts the work in the background. */
  void start() {
    replays.start();
    sweeper.start();
    indexer.start();
  }

  DeliveryHistory history() {
    return history;
  }

  LogFigures figures() {
    return figures;
  }

  SharedNodes nodes() {
    return nodes;
  }

  KnownReplay replay(ReplayRequest request, String what) {
    return replays.start(request, what);
  }

  List<KnownReplay> replays() {
    return replays.all();
  }

  long retryNow(String subscription) {
    return retryNow.of(subscription, store.subscriptions());
  }

  /** Sweeps now, not at the next interval. */
  void sweep() throws SQLException {
    sweeper.sweep();
  }

  /** For tests: sweeps as at that time, in milliseconds since 1970. */
  void sweep(long now) {
    sweeper.sweep(now);
  }

  /** Brings the search index up to date now, not at the next interval. */
  void index() throws SQLException {
    indexer.run();
  }

  /** To be called while the sessions are open, for the last writes. */
  void close() throws InterruptedException {
    sweeper.close();
    indexer.close();
    replays.close();
  }
}

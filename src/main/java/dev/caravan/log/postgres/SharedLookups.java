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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What any node can look up, schedule or remove in a shared log, no matter who runs what: puts
 * those parts together.
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
   * @param number as which node this process takes part
   * @param listener is told whose due rows were changed
   * @param writeOutcomes lets outcomes of this node that wait be written
   * @param trouble why nothing can be written at this moment, or an empty text
   * @param spool what keeps deliveries meanwhile; null for nothing
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
    this.indexer = SharedIndex.indexer(sessions, readers, number, trouble);
  }

  /** Does from now on what is done behind everything else. */
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

  /** Sweeps now rather than at the next time. */
  void sweep() {
    sweeper.sweep();
  }

  /** Brings the search index up to the end now rather than at the next time. */
  void index() throws SQLException {
    indexer.run();
  }

  /** While the sessions still take what is written last. */
  void close() throws InterruptedException {
    sweeper.close();
    indexer.close();
    replays.close();
  }
}

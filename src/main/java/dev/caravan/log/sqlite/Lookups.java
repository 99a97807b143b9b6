package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.replay.Replays;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.SearchIndexer;
import dev.caravan.log.search.TableHistory;
import dev.caravan.log.sqlite.commit.Committer;
import dev.caravan.log.sqlite.subscriptions.LocalSubscriptions;
import dev.caravan.log.tables.EventTypes;
import java.sql.SQLException;

/** Finds deliveries in the log's file, keeps them easy to find, and runs them again. */
final class Lookups {
  private final DeliveryHistory history;
  private final Replays replays;
  private final SearchIndexer indexer;

  Lookups(OpenLogFile file, LocalSubscriptions subscriptions, EventTypes kinds) {
    Committer committer = file.committer();
    DeliverySearch search = new DeliverySearch(subscriptions, kinds);
    this.history = new TableHistory(file.lookupReaders(), search, subscriptions);
    this.replays =
        new Replays(
            new SqliteReplayStore(committer, subscriptions, committer::writeOutcomes),
            subscriptions,
            search,
            file.lookupReaders());
    this.indexer =
        new SearchIndexer(
            file.lookupReaders(),
            committer::addToIndex,
            file::trouble,
            file.head(),
            subscriptions.running()::areBehind);
  }

  DeliveryHistory history() {
    return history;
  }

  Replays replays() {
    return replays;
  }

  /** Begins to index new deliveries. */
  void start() {
    indexer.start();
  }

  void stopIndexing() {
    indexer.close();
  }

  /** Brings the search index up to date now instead of at the next interval. */
  void index() throws SQLException {
    indexer.run();
  }
}

package dev.caravan.log.postgres.history;

import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedTransactions;
import dev.caravan.log.postgres.shards.NodeNumber;
import dev.caravan.log.postgres.shards.ShardReading;
import dev.caravan.log.postgres.shards.SharedTask;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.search.SearchIndex;
import dev.caravan.log.search.SearchIndexer;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The search index of a shared log. One node writes it for all. */
public final class SharedIndex {
  private static final String ELSEWHERE = "another node writes the index";

  private final Sessions sessions;
  private final Readers readers;
  private final SharedTask task;
  private final Supplier<String> trouble;

  private SharedIndex(
      Sessions sessions, Readers readers, NodeNumber number, Supplier<String> trouble) {
    this.sessions = sessions;
    this.readers = readers;
    this.task = new SharedTask("index", sessions, number);
    this.trouble = trouble;
  }

  /** Keeps the index up to date, once it is started. */
  public static SearchIndexer indexer(
      Sessions sessions,
      Readers readers,
      NodeNumber number,
      Supplier<String> trouble,
      BooleanSupplier areBehind) {
    SharedIndex index = new SharedIndex(sessions, readers, number, trouble);
    return new SearchIndexer(readers, index::add, index::whyNot, index::end, areBehind);
  }

  private void add(long first, int size, byte[] columns, byte[] mentions) {
    SharedTransactions.run(
        sessions,
        connection -> {
          SearchIndex.add(connection, first, size, columns, mentions);
          return true;
        });
  }

  private String whyNot() {
    String why = trouble.get();
    try {
      return !why.isEmpty() ? why : task.isMine() ? "" : ELSEWHERE;
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private long end() {
    return readers.ask(ShardReading::head);
  }
}

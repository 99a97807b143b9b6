package dev.caravan.log.postgres.history;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Spool;
import dev.caravan.log.figures.SubscriptionFigures;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.state.CountedFigures;
import dev.caravan.log.state.FigureReport;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.state.LogState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a shared log. Counts are this node's; figures from the tables are the same on
 * every node.
 */
public final class SharedLogFigures extends CountedFigures {
  private static final String BYTES =
      """
      SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'""";

  private final Readers readers;
  private final LogState state;
  private final Supplier<String> trouble;
  private final SharedNodes nodes;
  private final @Nullable Spool spool;

  public SharedLogFigures(
      LogCounters counters,
      Readers readers,
      LogState state,
      Supplier<String> trouble,
      SharedNodes nodes,
      long bytesKept,
      @Nullable Spool spool) {
    super(counters, bytesKept);
    this.readers = readers;
    this.state = state;
    this.trouble = trouble;
    this.nodes = nodes;
    this.spool = spool;
  }

  @Override
  public int nodes() {
    try {
      return nodes.count();
    } catch (LogUnavailableException e) {
      return 0; // nobody can say it now
    }
  }

  @Override
  public int differingNodes() {
    return nodes.differing();
  }

  @Override
  public boolean isDamaged() {
    return false; // the database would find out
  }

  @Override
  public boolean isWritable() {
    return trouble.get().isEmpty() || (spool != null && spool.trouble().isEmpty());
  }

  @Override
  public Spool.@Nullable Waiting spool() {
    return spool == null ? null : spool.waiting();
  }

  @Override
  public boolean isSpooling() {
    return spool != null && spool.isInUse();
  }

  @Override
  public long spoolRefused() {
    return spool == null ? 0 : spool.refused();
  }

  @Override
  public long bytesOnDisk() {
    try {
      return readers.read(
          reader -> {
            try (PreparedStatement statement = reader.prepare(BYTES);
                ResultSet row = statement.executeQuery()) {
              return row.next() ? row.getLong(1) : 0L;
            }
          });
    } catch (SQLException e) {
      return 0; // nobody can say it now
    }
  }

  @Override
  public long bytesFree() {
    return UNKNOWN; // the server does not tell
  }

  @Override
  public List<SubscriptionFigures> subscriptions() {
    return readers.ask(
        reader -> FigureReport.read(reader, state.subscriptions(reader), counters()::of));
  }
}

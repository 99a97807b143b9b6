package dev.caravan.log.postgres;

import dev.caravan.log.DeadLetteredCount;
import dev.caravan.log.Distribution;
import dev.caravan.log.GivenUp;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.SubscriptionFigures;
import dev.caravan.log.search.FigureReport;
import dev.caravan.log.search.LogState;
import dev.caravan.log.tables.LogCounters;
import dev.caravan.log.tables.Readers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The figures of a shared log. What is counted is of this node; what the tables say is the same on
 * every node.
 */
final class SharedLogFigures implements LogFigures {
  private static final String BYTES =
      """
      SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'""";

  private final LogCounters counters;
  private final Readers readers;
  private final LogState state;
  private final Supplier<String> trouble;
  private final SharedNodes nodes;
  private final long bytesKept;

  SharedLogFigures(
      LogCounters counters,
      Readers readers,
      LogState state,
      Supplier<String> trouble,
      SharedNodes nodes,
      long bytesKept) {
    this.counters = counters;
    this.readers = readers;
    this.state = state;
    this.trouble = trouble;
    this.nodes = nodes;
    this.bytesKept = bytesKept;
  }

  @Override
  public Distribution appendTime() {
    return counters.appendTime.read();
  }

  @Override
  public Distribution flushed() {
    return counters.flushed.read();
  }

  @Override
  public long repeats() {
    return counters.repeats.sum();
  }

  @Override
  public long differing() {
    return counters.differing.sum();
  }

  @Override
  public long copies() {
    return counters.copies.sum();
  }

  @Override
  public long failedFlushes() {
    return counters.failedFlushes.sum();
  }

  @Override
  public long slowWrites() {
    return counters.slowWrites.sum();
  }

  @Override
  public int nodes() {
    try {
      return nodes.nodes().size();
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
    return false; // which is the database's to find out
  }

  @Override
  public boolean isWritable() {
    return trouble.get().isEmpty();
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
    return UNKNOWN; // the server tells nobody
  }

  @Override
  public long bytesKept() {
    return bytesKept;
  }

  @Override
  public List<DeadLetteredCount> deadLettered() {
    return counters.deadLettered();
  }

  @Override
  public Map<String, List<GivenUp>> newestGivenUp() {
    return counters.newestGivenUp();
  }

  @Override
  public List<SubscriptionFigures> subscriptions() {
    try {
      return readers.read(
          reader -> FigureReport.read(reader, state.subscriptions(reader), counters::of));
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }
}

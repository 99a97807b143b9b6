package dev.caravan.log.search;

import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.LogState;
import dev.caravan.log.tables.EventTypes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the deliveries that match a query. Safe for use by many threads. */
public final class DeliverySearch {
  /** After this many positions a page ends even if it is not full, which bounds its time. */
  private static final long MOST_POSITIONS = 2_000_000;

  /** The same when attempts must be looked at, one for each delivery and subscription. */
  private static final long MOST_POSITIONS_WITH_ATTEMPTS = 200_000;

  private static final long MOST_BYTES = 64L << 20;

  /** Up to this many are looked up one by one. */
  private static final int FEW = 32;

  private final LogState state;
  private final EventTypes kinds;

  public DeliverySearch(LogState state, EventTypes kinds) {
    this.state = state;
    this.kinds = kinds;
  }

  /** Begins a walk over the deliveries that may match. */
  public DeliveryWalk walk(DeliveryQuery query, DeliveryReader reader, boolean newestFirst)
      throws SQLException {
    long end = state.end(reader);
    boolean isByTime = query.from() != null || query.to() != null;
    Duration delay = isByTime ? state.longestDelay(reader) : Duration.ZERO; // of all before the end
    return new DeliveryWalk(query, reader, kinds, end, delay, newestFirst);
  }

  public SearchHits hits(DeliveryReader reader) throws SQLException {
    return new SearchHits(reader, kinds, state.subscriptions(reader));
  }

  /** The known events and actions. */
  public EventTypes kinds() {
    return kinds;
  }

  /** The newest deliveries that match. */
  public DeliveryPage page(DeliveryQuery query, int most, DeliveryReader reader)
      throws SQLException {
    DeliveryWalk walk = walk(query, reader, true);
    DeliveryMatch match = new DeliveryMatch(query);
    long mostPositions = match.asksForAttempts() ? MOST_POSITIONS_WITH_ATTEMPTS : MOST_POSITIONS;
    String newest = Long.toString(walk.end() - 1);
    long from = walk.reached();
    List<DeliverySummary> page = new ArrayList<>();
    try (SearchHits hits = hits(reader)) {
      while (!walk.isOver()) {
        List<DeliveryWalk.Some> chunk = walk.read(reader);
        List<BitSet> rows = withOutcome(query, query.subscription(), chunk, hits, reader);
        for (int index = 0; index < chunk.size(); index++) {
          DeliveryWalk.Some some = chunk.get(index);
          for (int row = rows.get(index).length() - 1;
              row >= 0;
              row = rows.get(index).previousSetBit(row - 1)) {
            long position = some.stretch().position(row);
            DeliverySummary hit = match.isIn(some, row, reader) ? hits.find(position, match) : null;
            if (hit != null) {
              page.add(hit);
            }
            if (page.size() >= most || match.bytesRead() >= MOST_BYTES) {
              return new DeliveryPage(page, Long.toString(position), newest);
            }
          }
        }
        if (from - walk.reached() >= mostPositions && !walk.isOver()) {
          return new DeliveryPage(page, Long.toString(walk.reached()), newest);
        }
      }
    }
    return new DeliveryPage(page, null, newest);
  }

  /** How many deliveries match; fails when the thread is interrupted. */
  public long count(DeliveryQuery query, DeliveryReader reader) throws SQLException {
    DeliveryWalk walk = walk(query, reader, true);
    DeliveryMatch match = new DeliveryMatch(query);
    long count = 0;
    try (SearchHits hits = hits(reader)) {
      while (!walk.isOver()) {
        List<DeliveryWalk.Some> chunk = walk.read(reader);
        List<BitSet> rows = withOutcome(query, query.subscription(), chunk, hits, reader);
        for (int index = 0; index < chunk.size(); index++) {
          count += match.count(chunk.get(index), rows.get(index), reader);
        }
        if (Thread.interrupted()) {
          throw new SQLException("interrupted while counting deliveries");
        }
      }
    }
    return count;
  }

  /**
   * The rows of each stretch that have the outcome asked for.
   *
   * @param subscription whose outcome that is; null for any
   */
  public List<BitSet> withOutcome(
      DeliveryQuery query,
      @Nullable String subscription,
      List<DeliveryWalk.Some> chunk,
      SearchHits hits,
      DeliveryReader reader)
      throws SQLException {
    if (!DeliveryMatch.asksForOutcome(query)) {
      return chunk.stream().map(DeliveryWalk.Some::rows).toList();
    }
    int count = chunk.stream().mapToInt(some -> some.rows().cardinality()).sum();
    return count <= FEW
        ? hits.withOutcome(new DeliveryMatch(query), subscription, chunk)
        : new OutcomeSets(query, subscription, hits.subscriptions(), kinds).narrow(chunk, reader);
  }
}

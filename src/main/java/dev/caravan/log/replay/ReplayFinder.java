package dev.caravan.log.replay;

import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.search.DeliveryMatch;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.DeliveryWalk;
import dev.caravan.log.search.SearchHits;
import dev.caravan.log.search.StretchFilter;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the deliveries that a replay asks for, and which subscriptions get each. For one thread.
 */
final class ReplayFinder {
  private final DeliveryQuery query;
  private final boolean dryRun;
  private final List<ReplayTarget> targets;
  private final DeliverySearch search;
  private final DeliveryMatch match;

  ReplayFinder(ReplayRequest request, List<ReplayTarget> targets, DeliverySearch search) {
    this.query = narrowed(request.query(), targets);
    this.dryRun = request.dryRun();
    this.targets = targets;
    this.search = search;
    this.match = new DeliveryMatch(request.query());
  }

  /** If the replay goes to a single subscription, the outcome asked for is that subscription's. */
  private static DeliveryQuery narrowed(DeliveryQuery query, List<ReplayTarget> targets) {
    return query.outcome() != DeliveryQuery.Outcome.ANY
            && query.subscription() == null
            && targets.size() == 1
        ? query.outcome(query.outcome(), targets.get(0).name())
        : query;
  }

  /** Begins at the oldest delivery; what is appended from now on is left to the cursors. */
  DeliveryWalk walk(DeliveryReader reader) throws SQLException {
    return search.walk(query, reader, false);
  }

  /**
   * The matches among the next deliveries.
   *
   * @param isOver whether to stop
   */
  List<ReplayMatch> next(DeliveryWalk walk, DeliveryReader reader, BooleanSupplier isOver)
      throws SQLException {
    List<DeliveryWalk.Some> chunk = walk.read(reader);
    List<BitSet> matched;
    List<List<BitSet>> takers = new ArrayList<>();
    try (SearchHits hits = search.hits(reader)) {
      matched = search.withOutcome(query, query.subscription(), chunk, hits, reader);
      for (ReplayTarget target : targets) {
        List<BitSet> ofTarget =
            query.subscription() == null && targets.size() > 1
                ? search.withOutcome(query, target.name(), chunk, hits, reader)
                : matched;
        takers.add(wanted(chunk, hits.subscriptions().find(target.name()), ofTarget));
      }
    }
    Kept kept = dryRun ? keptByRule(chunk, reader) : reader::isKept;
    List<ReplayMatch> found = new ArrayList<>();
    for (int index = 0; index < chunk.size(); index++) {
      DeliveryWalk.Some some = chunk.get(index);
      BitSet rows = matched.get(index);
      for (int row = rows.nextSetBit(0);
          row >= 0 && !isOver.getAsBoolean();
          row = rows.nextSetBit(row + 1)) {
        if (match.isIn(some, row, reader)) {
          long position = some.stretch().position(row);
          List<ReplayTarget> to = takers(takers, index, row);
          found.add(new ReplayMatch(position, to, to.isEmpty() || kept.isKept(position)));
        }
      }
    }
    return found;
  }

  /** Those that a subscription's filter lets through; all if it is idle: its filter is unknown. */
  private List<BitSet> wanted(
      List<DeliveryWalk.Some> chunk,
      Subscriptions.@Nullable Running running,
      List<BitSet> ofTarget) {
    EventFilter filter = running == null ? null : running.filter();
    StretchFilter wanted =
        filter == null
            ? null
            : new StretchFilter(DeliveryQuery.ALL.of(filter), search.kinds().wanted(filter), true);
    List<BitSet> found = new ArrayList<>();
    for (int index = 0; index < chunk.size(); index++) {
      BitSet rows = (BitSet) ofTarget.get(index).clone();
      if (wanted != null) {
        rows.and(wanted.rows(chunk.get(index).stretch(), Long.MIN_VALUE, Long.MAX_VALUE, null));
      }
      found.add(rows);
    }
    return found;
  }

  private List<ReplayTarget> takers(List<List<BitSet>> takers, int index, int row) {
    List<ReplayTarget> to = new ArrayList<>(targets.size());
    for (int target = 0; target < targets.size(); target++) {
      if (takers.get(target).get(index).get(row)) {
        to.add(targets.get(target));
      }
    }
    return to;
  }

  /** Whether the body at a position is kept. */
  @FunctionalInterface
  private interface Kept {
    boolean isKept(long position) throws SQLException;
  }

  /** Decides without looking at each: bodies are deleted oldest first, and some come back. */
  private static Kept keptByRule(List<DeliveryWalk.Some> chunk, DeliveryReader reader)
      throws SQLException {
    Long keptFrom = reader.keptFrom();
    long from = keptFrom == null ? Long.MAX_VALUE : keptFrom;
    boolean areAllKept =
        chunk.stream().allMatch(some -> some.stretch().position(some.rows().nextSetBit(0)) >= from);
    Set<Long> restored = areAllKept ? Set.of() : reader.restored();
    return position -> position >= from || restored.contains(position);
  }
}

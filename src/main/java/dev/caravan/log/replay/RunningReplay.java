package dev.caravan.log.replay;

import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.replay.ScheduledRows.Row;
import dev.caravan.log.search.DeliveryMatch;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.DeliveryWalk;
import dev.caravan.log.search.SearchHits;
import dev.caravan.log.search.Subscriptions;
import dev.caravan.log.tables.DeliveryReader;
import dev.caravan.log.tables.Readers;
import dev.caravan.log.tables.SubscriptionTable;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the deliveries of one replay, oldest first, and puts them into the due table, a few at a
 * time so that appends are not held up. The dispatchers take them from there.
 */
final class RunningReplay implements Replay, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final int ROWS_PER_TASK = 256;

  private final ReplayRequest request;
  private final List<ReplayTarget> targets;
  private final DeliverySearch search;
  private final Readers readers;
  private final ReplayStore store;
  private final DeliveryMatch match;
  private final ReplayRate pace;
  private final ReplayCount count;
  private final CompletableFuture<ReplayProgress> end = new CompletableFuture<>();
  private final ScheduledRows scheduled = new ScheduledRows();
  private final Executor takingBack;
  private volatile boolean cancelled;

  /**
   * @param takingBack where what was scheduled is taken back
   */
  RunningReplay(
      ReplayRequest request,
      List<ReplayTarget> targets,
      DeliverySearch search,
      Readers readers,
      ReplayStore store,
      Executor takingBack) {
    this.takingBack = takingBack;
    this.request = request;
    this.targets = targets;
    this.search = search;
    this.readers = readers;
    this.store = store;
    this.match = new DeliveryMatch(request.query());
    this.pace = new ReplayRate(request.perSecond());
    this.count = new ReplayCount(request.dryRun(), targets);
  }

  /** A delivery, and the subscriptions that are to get it. */
  private record Wanted(long position, List<ReplayTarget> targets) {}

  @Override
  public ReplayProgress progress() {
    return count.progress();
  }

  @Override
  public void cancel() {
    stop();
    CompletableFuture<Void> unused = end.thenRunAsync(this::takeBack, takingBack);
  }

  /** Schedules no more. */
  void stop() {
    cancelled = true;
  }

  /** Lets what it has scheduled be as if it had not, as far as nobody has begun to run it. */
  private void takeBack() {
    for (List<Row> rows = scheduled.takeLast(ROWS_PER_TASK);
        !rows.isEmpty();
        rows = scheduled.takeLast(ROWS_PER_TASK)) {
      List<Row> chunk = rows;
      try {
        count.takenBack(store.write(writer -> ScheduledRows.takeBack(chunk, writer)));
      } catch (RuntimeException e) {
        scheduled.giveBack(chunk);
        LOG.error("A cancelled replay could not be taken back; cancel it again.", e);
        return;
      }
    }
  }

  /** From now on nothing of it can be taken back. */
  void forgetScheduled() {
    scheduled.forget();
  }

  @Override
  public CompletableFuture<ReplayProgress> end() {
    return end.copy();
  }

  @Override
  public void run() {
    try {
      // What is appended from now on is for the cursors.
      DeliveryWalk walk = readers.read(reader -> search.walk(narrowed(), reader, false));
      while (!cancelled && !walk.isOver()) {
        schedule(readers.read(reader -> matching(walk, reader)));
      }
      count.end(cancelled ? State.CANCELLED : State.DONE, null);
    } catch (SQLException e) {
      count.end(State.FAILED, "The delivery log cannot be read: " + ErrorSentence.of(e));
    } catch (RuntimeException | Error e) {
      count.end(State.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
    }
    end.complete(progress());
  }

  /** Where it goes to one subscription only, an outcome is that one's. */
  private DeliveryQuery narrowed() {
    DeliveryQuery query = request.query();
    return query.outcome() != DeliveryQuery.Outcome.ANY
            && query.subscription() == null
            && targets.size() == 1
        ? query.outcome(query.outcome(), targets.get(0).name())
        : query;
  }

  /** Those of the next deliveries that are to be run again, with whom. */
  private List<Wanted> matching(DeliveryWalk walk, DeliveryReader reader) throws SQLException {
    DeliveryQuery query = narrowed();
    List<DeliveryWalk.Some> chunk = walk.read(reader);
    List<BitSet> matched;
    List<List<BitSet>> matchedOf = new ArrayList<>();
    try (SearchHits hits = search.hits(reader)) {
      matched = search.withOutcome(query, query.subscription(), chunk, hits, reader);
      for (ReplayTarget target : targets) {
        matchedOf.add(
            query.subscription() == null && targets.size() > 1
                ? search.withOutcome(query, target.name(), chunk, hits, reader)
                : matched);
      }
    }
    Kept kept = request.dryRun() ? keptByRule(chunk, reader) : reader::isKept;
    List<Wanted> wanted = new ArrayList<>();
    for (int index = 0; index < chunk.size(); index++) {
      DeliveryWalk.Some some = chunk.get(index);
      List<BitSet> takers = new ArrayList<>();
      for (int target = 0; target < targets.size(); target++) {
        BitSet rows = targets.get(target).wanted(some);
        rows.and(matchedOf.get(target).get(index));
        takers.add(rows);
      }
      BitSet rows = matched.get(index);
      for (int row = rows.nextSetBit(0); row >= 0 && !cancelled; row = rows.nextSetBit(row + 1)) {
        if (match.isIn(some, row, reader)) {
          add(some.stretch().position(row), row, takers, kept, wanted);
        }
      }
    }
    return wanted;
  }

  /** Whether the body at a position is kept. */
  @FunctionalInterface
  private interface Kept {
    boolean isKept(long position) throws SQLException;
  }

  private void add(long position, int row, List<BitSet> takers, Kept kept, List<Wanted> wanted)
      throws SQLException {
    List<ReplayTarget> to = new ArrayList<>(targets.size());
    for (int target = 0; target < targets.size(); target++) {
      if (takers.get(target).get(row)) {
        to.add(targets.get(target));
      }
    }
    count.matched();
    if (to.isEmpty()) {
      count.notWanted();
    } else if (kept.isKept(position)) {
      wanted.add(new Wanted(position, to));
    } else {
      count.notKept();
    }
  }

  /** Without a look at each: bodies go from the oldest on, and some come back. */
  private static Kept keptByRule(List<DeliveryWalk.Some> chunk, DeliveryReader reader)
      throws SQLException {
    Long keptFrom = reader.keptFrom();
    long from = keptFrom == null ? Long.MAX_VALUE : keptFrom;
    boolean areAllKept =
        chunk.stream().allMatch(some -> some.stretch().position(some.rows().nextSetBit(0)) >= from);
    Set<Long> restored = areAllKept ? Set.of() : reader.restored();
    return position -> position >= from || restored.contains(position);
  }

  private void schedule(List<Wanted> found) throws SQLException {
    int most = request.dryRun() ? found.size() : Math.max(1, ROWS_PER_TASK / targets.size());
    List<Wanted> rest = found;
    while (!rest.isEmpty() && !cancelled) {
      List<Wanted> chunk = rest.subList(0, Math.min(most, rest.size()));
      ReplayCount.Step step =
          request.dryRun()
              ? readers.read(reader -> dryRun(chunk, reader))
              : store.write(writer -> write(chunk, writer));
      count.add(step);
      scheduled.add(step.rows());
      rest = rest.subList(step.deliveries(), rest.size());
      if (step.deliveries() < chunk.size()) {
        store.writeOutcomes(); // it cannot go on before that is done
      }
    }
  }

  /** Stops before a delivery whose outcome is not on disk yet; on the committer's thread. */
  private ReplayCount.Step write(List<Wanted> chunk, ReplayStore.ReplayTransaction writer)
      throws SQLException {
    List<String> scheduled = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    int waiting = 0;
    int done = 0;
    long lastDueAt = 0;
    long now = System.currentTimeMillis();
    for (ReplayTarget target : targets) {
      target.refresh(writer.subscriptions());
    }
    for (Wanted wanted : chunk) {
      List<ReplayTarget> free = new ArrayList<>();
      for (ReplayTarget target : wanted.targets()) {
        switch (target.standing(wanted.position())) {
          case BEING_WRITTEN -> {
            return new ReplayCount.Step(done, scheduled, waiting, lastDueAt, rows);
          }
          case WAITING -> {}
          case FREE -> free.add(target);
        }
      }
      if (!free.isEmpty()) {
        lastDueAt = pace.next(now);
      }
      waiting += wanted.targets().size() - free.size();
      for (ReplayTarget target : free) {
        if (write(target, wanted.position(), lastDueAt, writer, rows)) {
          scheduled.add(target.name());
        } else {
          waiting++;
        }
      }
      done++;
    }
    return new ReplayCount.Step(done, scheduled, waiting, lastDueAt, rows);
  }

  private static boolean write(
      ReplayTarget target,
      long position,
      long dueAt,
      ReplayStore.ReplayTransaction writer,
      List<Row> rows)
      throws SQLException {
    Subscriptions.Running dispatcher = target.dispatcher();
    writer.dueChanged(target.name());
    SubscriptionTable subscriptions = writer.subscriptions();
    boolean wasDue = writer.due().isDue(target.id(), position);
    boolean wasDead = subscriptions.revive(target.id(), position);
    if (!wasDue) {
      rows.add(new Row(target, position, dueAt, wasDead));
    }
    return subscriptions.replay(
        target.id(), position, dueAt, dispatcher != null && dispatcher.isStrict());
  }

  private ReplayCount.Step dryRun(List<Wanted> chunk, DeliveryReader reader) throws SQLException {
    long from = chunk.get(0).position();
    long to = chunk.get(chunk.size() - 1).position();
    Map<ReplayTarget, Set<Long>> fresh = new HashMap<>();
    for (ReplayTarget target : targets) {
      fresh.put(target, reader.freshBetween(target.id(), from, to));
    }
    List<String> scheduled = new ArrayList<>();
    int waiting = 0;
    for (Wanted wanted : chunk) {
      for (ReplayTarget target : wanted.targets()) {
        if (fresh.getOrDefault(target, Set.of()).contains(wanted.position())
            || target.standing(wanted.position()) == Subscriptions.Standing.WAITING) {
          waiting++;
        } else {
          scheduled.add(target.name());
        }
      }
    }
    return new ReplayCount.Step(chunk.size(), scheduled, waiting, 0, List.of());
  }
}

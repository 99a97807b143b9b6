package dev.caravan.log.dispatch.running;

import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.Run;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.SubscriptionStore.Stretch;
import dev.caravan.log.subscription.OrderBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is on disk of a log with one subscription, in plain maps. */
final class MemoryTables {
  private static final int STRETCH = 3;

  static final long ID = 1;

  final TreeMap<Long, Envelope> deliveries = new TreeMap<>();
  final TreeSet<Long> bodies = new TreeSet<>();

  /** Bodies that went and came back. */
  final TreeSet<Long> restored = new TreeSet<>();

  final TreeMap<Long, Due> due = new TreeMap<>();
  final Set<Long> dead = new HashSet<>();

  /** How often an attempt has succeeded. */
  final Map<Long, Integer> completed = new HashMap<>();

  /** When one was last run to its end, which one that was superseded was not. */
  final TreeMap<Long, Long> ran = new TreeMap<>();

  /** Each first attempt at one, and each time that a newer one ran instead. */
  final Map<Long, List<Outcome>> beginnings = new HashMap<>();

  long end = 1;
  long next = 1;
  List<Long> unfinished = List.of();
  boolean paused;

  /** A delivery that is to run apart from the cursor. */
  record Due(int attempts, long at) {}

  MemoryTables copy() {
    MemoryTables copy = new MemoryTables();
    copy.deliveries.putAll(deliveries);
    copy.bodies.addAll(bodies);
    copy.restored.addAll(restored);
    copy.due.putAll(due);
    copy.dead.addAll(dead);
    copy.completed.putAll(completed);
    copy.ran.putAll(ran);
    copy.beginnings.putAll(beginnings);
    copy.end = end;
    copy.next = next;
    copy.unfinished = unfinished;
    copy.paused = paused;
    return copy;
  }

  StoredCursor cursor() {
    return new StoredCursor(next, unfinished);
  }

  // --- as SubscriptionTable does ---

  void write(RunningSubscription.Changes changes) {
    next = changes.cursor().next();
    unfinished = changes.cursor().unfinished();
    changes.outcomes().forEach(this::write);
  }

  private void write(Outcome outcome) {
    long position = outcome.position();
    if (outcome.next() == Next.DONE) {
      completed.merge(position, 1, Integer::sum);
    }
    if (outcome.isRunToItsEnd()) {
      ran.put(position, outcome.startedAt() + outcome.took());
    }
    if (outcome.number() <= 1 && outcome.next() != Next.NOT_WANTED) {
      beginnings.merge(
          position,
          List.of(outcome),
          (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
    }
    if (outcome.isTriedAgain()) {
      due.put(position, new Due(outcome.attemptsBefore(), outcome.dueAt()));
      if (outcome.isDue()) {
        dead.remove(position);
      }
    } else if (outcome.isDue()) {
      Due row = due.get(position);
      if (outcome.next() == Next.DONE || (row != null && row.attempts() == outcome.attempts())) {
        due.remove(position);
      }
      dead.remove(position);
    }
    if (outcome.next() == Next.DEAD_LETTER) {
      dead.add(position);
    }
  }

  void replay(long position, long dueAt, boolean holding) {
    dead.remove(position);
    Due before = due.get(position);
    due.put(
        position,
        before == null
            ? new Due(0, dueAt)
            : new Due(Math.min(before.attempts(), holding ? 1 : 0), Math.min(before.at(), dueAt)));
  }

  void expire(long position) {
    dead.add(position);
    due.remove(position);
    unfinished = unfinished.stream().filter(other -> other != position).toList();
  }

  void removeBody(long position) {
    bodies.remove(position);
    restored.remove(position);
  }

  /** The first body kept, those that came back not counted. */
  long keptFrom() {
    return bodies.stream().filter(body -> !restored.contains(body)).findFirst().orElse(end);
  }

  // --- as RunReader does ---

  Stretch newestRuns(OrderBy orderBy, long after, long before) {
    long end = ran.isEmpty() ? after : Math.min(ran.lastKey(), before - 1);
    long from = Math.max(after, end - STRETCH) + 1;
    Map<String, Run> newest = new HashMap<>();
    if (from <= end) {
      ran.subMap(from, true, end, true)
          .forEach(
              (position, endedAt) ->
                  newest.merge(
                      orderBy.lane(deliveries.get(position).subject()),
                      new Run(position, endedAt),
                      Run::newer));
    }
    return new Stretch(from, newest);
  }

  long askedForAgainAt(long position, int turns) {
    List<Outcome> begun = beginnings.getOrDefault(position, List.of());
    return begun.stream().filter(each -> each.next() != Next.CUT_OFF).count() <= turns
        ? Long.MIN_VALUE
        : begun.stream()
            .filter(each -> each.number() == 1)
            .mapToLong(Outcome::startedAt)
            .max()
            .orElse(Long.MIN_VALUE);
  }

  // --- as LogReader does ---

  List<Envelope> entries(long from, int most) {
    return deliveries.tailMap(from).values().stream().limit(most).toList();
  }

  List<Envelope> entries(List<Long> positions) {
    return positions.stream().sorted().map(deliveries::get).toList();
  }

  DueBatch due(ReadRequest request, long now, int most) {
    List<DueBatch.Row> rows = new ArrayList<>(rows(now, most));
    if (request.furthest() != Long.MAX_VALUE) {
      rows.addAll(
          rows()
              .filter(row -> row.dueAt() > request.furthest() && row.attempts() > 0)
              .sorted(Comparator.comparingLong(DueBatch.Row::dueAt))
              .limit(most - rows.size())
              .toList());
    }
    boolean more = rows.size() == most;
    List<DueBatch.Row> holding =
        request.holding()
            ? rows().filter(row -> row.attempts() > 0 || row.dueAt() == Outcome.AT_ONCE).toList()
            : List.of();
    long later =
        rows().mapToLong(DueBatch.Row::dueAt).filter(at -> at > now).min().orElse(Long.MAX_VALUE);
    return new DueBatch(rows, holding, more ? now : later, now);
  }

  private List<DueBatch.Row> rows(long now, int most) {
    return rows()
        .filter(row -> row.dueAt() <= now)
        .sorted(Comparator.comparingLong(DueBatch.Row::dueAt))
        .limit(most)
        .toList();
  }

  private Stream<DueBatch.Row> rows() {
    return due.entrySet().stream()
        .map(
            row ->
                new DueBatch.Row(
                    deliveries.get(row.getKey()), row.getValue().attempts(), row.getValue().at()));
  }
}

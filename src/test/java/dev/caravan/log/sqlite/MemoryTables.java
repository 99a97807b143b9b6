package dev.caravan.log.sqlite;

import dev.caravan.log.sqlite.Outcome.Next;
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
  static final long ID = 1;

  final TreeMap<Long, Entry> deliveries = new TreeMap<>();
  final TreeSet<Long> bodies = new TreeSet<>();

  /** Bodies that went and came back. */
  final TreeSet<Long> restored = new TreeSet<>();

  final TreeMap<Long, Due> due = new TreeMap<>();
  final Set<Long> dead = new HashSet<>();

  /** How often an attempt has succeeded. */
  final Map<Long, Integer> completed = new HashMap<>();

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
    copy.end = end;
    copy.next = next;
    copy.unfinished = unfinished;
    copy.paused = paused;
    return copy;
  }

  StoredSubscription subscription() {
    return new StoredSubscription(ID, "ci", next, unfinished, paused);
  }

  // --- as SubscriptionWrites does ---

  void write(Window.Changes changes) {
    next = changes.progress().next();
    unfinished = Progress.decode(Progress.encode(changes.progress().unfinished()));
    changes.outcomes().forEach(this::write);
  }

  private void write(Outcome outcome) {
    long position = outcome.pending().position();
    if (outcome.next() == Next.DONE) {
      completed.merge(position, 1, Integer::sum);
    }
    if (outcome.isTriedAgain()) {
      due.put(position, new Due(outcome.attemptsBefore(), outcome.dueAt()));
    } else if (outcome.pending().due()) {
      Due row = due.get(position);
      if (outcome.next() == Next.DONE
          || (row != null && row.attempts() == outcome.pending().attempts())) {
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

  // --- as LogReader does ---

  List<Entry> entries(long from, int most) {
    return deliveries.tailMap(from).values().stream().limit(most).toList();
  }

  List<Entry> entries(List<Long> positions) {
    return positions.stream().sorted().map(deliveries::get).toList();
  }

  DueRows due(CatchUp.Wish wish, long now, int most) {
    List<DueRows.Row> rows = new ArrayList<>(rows(now, most));
    if (wish.furthest() != Long.MAX_VALUE) {
      rows.addAll(
          rows()
              .filter(row -> row.dueAt() > wish.furthest() && row.attempts() > 0)
              .sorted(Comparator.comparingLong(DueRows.Row::dueAt))
              .limit(most - rows.size())
              .toList());
    }
    boolean more = rows.size() == most;
    wish.heldAndDue().forEach(held -> rows().filter(row -> is(row, held)).forEach(rows::add));
    List<DueRows.Row> holding =
        wish.holding() ? rows().filter(row -> row.attempts() > 0).toList() : List.of();
    long later =
        rows().mapToLong(DueRows.Row::dueAt).filter(at -> at > now).min().orElse(Long.MAX_VALUE);
    return new DueRows(rows, holding, more ? now : later, now, wish.heldAndDue());
  }

  private List<DueRows.Row> rows(long now, int most) {
    return rows()
        .filter(row -> row.dueAt() <= now)
        .sorted(Comparator.comparingLong(DueRows.Row::dueAt))
        .limit(most)
        .toList();
  }

  private Stream<DueRows.Row> rows() {
    return due.entrySet().stream()
        .map(
            row ->
                new DueRows.Row(
                    deliveries.get(row.getKey()), row.getValue().attempts(), row.getValue().at()));
  }

  private static boolean is(DueRows.Row row, long position) {
    return row.entry().position() == position;
  }
}

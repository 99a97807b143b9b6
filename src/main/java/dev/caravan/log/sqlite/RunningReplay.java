package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscription.Standing;
import dev.caravan.logging.ErrorSentence;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the deliveries of one replay, oldest first, and puts them into the due table, a few at a
 * time so that appends are not held up. The dispatchers take them from there.
 */
final class RunningReplay implements Replay, Runnable {
  private static final int ROWS_PER_TASK = 256;

  private final ReplayRequest request;
  private final List<ReplayTarget> targets;
  private final DeliverySearch search;
  private final LogReaders readers;
  private final SqliteDeliveryLog log;
  private final DeliveryMatch match;
  private final Pace pace;
  private final ReplayCount count;
  private final CompletableFuture<ReplayProgress> end = new CompletableFuture<>();
  private volatile boolean cancelled;

  RunningReplay(
      ReplayRequest request,
      List<ReplayTarget> targets,
      DeliverySearch search,
      LogReaders readers,
      SqliteDeliveryLog log) {
    this.request = request;
    this.targets = targets;
    this.search = search;
    this.readers = readers;
    this.log = log;
    this.match = new DeliveryMatch(request.query());
    this.pace = new Pace(request.perSecond());
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
    cancelled = true;
  }

  @Override
  public CompletableFuture<ReplayProgress> end() {
    return end.copy();
  }

  @Override
  public void run() {
    try {
      // What is appended from now on is for the cursors.
      DeliveryScan scan = readers.read(reader -> search.scan(narrowed(), reader, false));
      while (!cancelled && !scan.isOver()) {
        schedule(readers.read(reader -> matching(scan, reader)));
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

  private List<Wanted> matching(DeliveryScan scan, LogReader reader) throws SQLException {
    List<Wanted> wanted = new ArrayList<>();
    try (OutcomeLookup lookup = search.outcomes(reader)) {
      for (FoundDelivery found : scan.read(reader)) {
        if (cancelled) {
          return wanted;
        }
        List<ReplayTarget> takers = matching(found, lookup, reader);
        if (!takers.isEmpty()) {
          wanted.add(new Wanted(found.position(), takers));
        }
      }
    }
    return wanted;
  }

  /** Those that are to get the delivery; none when the query does not apply to it. */
  private List<ReplayTarget> matching(FoundDelivery found, OutcomeLookup lookup, LogReader reader)
      throws SQLException {
    List<ReplayTarget> asked = targets;
    if (match.asksForOutcome()) {
      OutcomeLookup.Found outcomes = lookup.of(found.entry());
      if (!match.hasOutcome(outcomes)) {
        return List.of();
      }
      asked = asked.stream().filter(target -> match.hasOutcomeOf(target.name(), outcomes)).toList();
    }
    if (!match.hasSubject(found, reader) || !match.hasText(found, reader)) {
      return List.of();
    }
    List<ReplayTarget> takers =
        asked.stream().filter(target -> target.wants(found.entry())).toList();
    count.matched();
    if (takers.isEmpty()) {
      count.notWanted();
    } else if (!reader.isKept(found.position())) {
      count.notKept();
      return List.of();
    }
    return takers;
  }

  private void schedule(List<Wanted> found) throws SQLException {
    int most = Math.max(1, ROWS_PER_TASK / targets.size());
    List<Wanted> rest = found;
    while (!rest.isEmpty() && !cancelled) {
      List<Wanted> chunk = rest.subList(0, Math.min(most, rest.size()));
      ReplayCount.Step step =
          request.dryRun()
              ? readers.read(reader -> dryRun(chunk, reader))
              : log.write(writer -> write(chunk, writer));
      count.add(step);
      rest = rest.subList(step.deliveries(), rest.size());
      if (step.deliveries() < chunk.size()) {
        log.outcomeWaiting(true); // it cannot go on before that is done
      }
    }
  }

  /** Stops before a delivery whose outcome is not on disk yet; on the committer's thread. */
  private ReplayCount.Step write(List<Wanted> chunk, Writer writer) throws SQLException {
    List<String> scheduled = new ArrayList<>();
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
            return new ReplayCount.Step(done, scheduled, waiting, lastDueAt);
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
        if (write(target, wanted.position(), lastDueAt, writer)) {
          scheduled.add(target.name());
        } else {
          waiting++;
        }
      }
      done++;
    }
    return new ReplayCount.Step(done, scheduled, waiting, lastDueAt);
  }

  private static boolean write(ReplayTarget target, long position, long dueAt, Writer writer)
      throws SQLException {
    RunningSubscription dispatcher = target.dispatcher();
    if (dispatcher != null) {
      writer.dueChanged(dispatcher);
    }
    return writer
        .subscriptions()
        .replay(target.id(), position, dueAt, dispatcher != null && dispatcher.isStrict());
  }

  private static ReplayCount.Step dryRun(List<Wanted> chunk, LogReader reader) throws SQLException {
    List<String> scheduled = new ArrayList<>();
    int waiting = 0;
    try (PreparedStatement fresh = reader.prepare(SubscriptionWrites.FRESH)) {
      for (Wanted wanted : chunk) {
        for (ReplayTarget target : wanted.targets()) {
          fresh.setLong(1, target.id());
          fresh.setLong(2, wanted.position());
          try (ResultSet row = fresh.executeQuery()) {
            if (target.standing(wanted.position()) == Standing.WAITING || row.next()) {
              waiting++;
            } else {
              scheduled.add(target.name());
            }
          }
        }
      }
    }
    return new ReplayCount.Step(chunk.size(), scheduled, waiting, 0);
  }
}

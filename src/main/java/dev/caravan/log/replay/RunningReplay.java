package dev.caravan.log.replay;

import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.reading.Readers;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.DeliveryWalk;
import dev.caravan.log.state.Subscriptions.Standing;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the deliveries of one replay, oldest first, and puts them into the due table, a few at a
 * time in order not to delay appends. The dispatchers take them from there.
 */
public final class RunningReplay implements Replay, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private static final int ROWS_PER_TASK = 256;

  private final ReplayRequest request;
  private final List<ReplayTarget> targets;
  private final ReplayFinder finder;
  private final Readers readers;
  private final ReplayStore store;
  private final ReplayRate pace;
  private final ReplayCount count;
  private final CompletableFuture<ReplayProgress> end = new CompletableFuture<>();
  private final ScheduledRows scheduled = new ScheduledRows();
  private final Executor takingBack;
  private volatile boolean cancelled;

  /**
   * A replay that begins, or continues.
   *
   * @param before its progress so far
   * @param takingBack runs what takes scheduled rows back
   */
  public RunningReplay(
      ReplayRequest request,
      List<ReplayTarget> targets,
      ReplayProgress before,
      DeliverySearch search,
      Readers readers,
      ReplayStore store,
      Executor takingBack) {
    this.takingBack = takingBack;
    this.request = request;
    this.targets = targets;
    this.finder = new ReplayFinder(request, targets, search);
    this.readers = readers;
    this.store = store;
    this.pace = new ReplayRate(request.perSecond(), before.lastDueAt());
    this.count = new ReplayCount(before);
  }

  /** The progress of a replay that has not begun. */
  public static ReplayProgress nothing(ReplayRequest request, List<ReplayTarget> targets) {
    return ReplayCount.nothing(request.dryRun(), targets);
  }

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
  public void stop() {
    cancelled = true;
  }

  /** Undoes what it has scheduled, as far as nobody has begun to run it. */
  private void takeBack() {
    for (List<ScheduledRow> rows = scheduled.takeLast(ROWS_PER_TASK);
        !rows.isEmpty();
        rows = scheduled.takeLast(ROWS_PER_TASK)) {
      List<ScheduledRow> chunk = rows;
      try {
        count.takenBack(
            store.write(
                targets,
                chunk.stream().map(ScheduledRow::position).sorted().toList(),
                transaction -> takeBack(chunk, transaction)));
      } catch (RuntimeException e) {
        scheduled.giveBack(chunk);
        LOG.error("A cancelled replay could not be taken back; cancel it again.", e);
        return;
      }
    }
  }

  private static int takeBack(List<ScheduledRow> rows, ReplayStore.ReplayTransaction transaction)
      throws SQLException {
    int taken = 0;
    for (ScheduledRow row : rows) {
      taken += transaction.takeBack(row) ? 1 : 0;
    }
    return taken;
  }

  /** Forgets what it has scheduled: none of it can be taken back any more. */
  public void forgetScheduled() {
    scheduled.forget();
  }

  @Override
  public CompletableFuture<ReplayProgress> end() {
    return end.copy();
  }

  @Override
  public void run() {
    try {
      DeliveryWalk walk = readers.read(finder::walk);
      while (!cancelled && !walk.isOver()) {
        schedule(readers.read(reader -> finder.next(walk, reader, () -> cancelled)));
      }
      count.end(cancelled ? State.CANCELLED : State.DONE, null);
    } catch (SQLException e) {
      count.end(State.FAILED, "The delivery log cannot be read: " + ErrorSentence.of(e));
    } catch (RuntimeException | Error e) {
      count.end(State.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
    }
    end.complete(progress());
  }

  private void schedule(List<ReplayMatch> found) throws SQLException {
    int most = request.dryRun() ? found.size() : Math.max(1, ROWS_PER_TASK / targets.size());
    List<ReplayMatch> rest = found;
    while (!rest.isEmpty() && !cancelled) {
      List<ReplayMatch> chunk = first(rest, most);
      ReplayCount.Step step = step(chunk);
      pace.keep();
      count.add(step);
      scheduled.add(step.rows());
      rest = rest.subList(step.deliveries(), rest.size());
      if (step.deliveries() < chunk.size()) {
        store.writeOutcomes(); // it cannot continue before they are
      }
    }
  }

  /** As many from the first on as have at most this number to run. */
  private static List<ReplayMatch> first(List<ReplayMatch> rest, int most) {
    int size = 0;
    for (int toRun = 0; size < rest.size() && toRun < most; size++) {
      toRun += rest.get(size).isToRun() ? 1 : 0;
    }
    return rest.subList(0, size);
  }

  private ReplayCount.Step step(List<ReplayMatch> chunk) throws SQLException {
    if (request.dryRun()) {
      return readers.read(reader -> dryRun(chunk, reader));
    }
    List<Long> positions =
        chunk.stream().filter(ReplayMatch::isToRun).map(ReplayMatch::position).toList();
    if (positions.isEmpty()) {
      ReplayCount.Step step = new ReplayCount.Step();
      chunk.forEach(step::done);
      return step;
    }
    return store.write(targets, positions, transaction -> write(chunk, transaction));
  }

  /** Stops before a delivery whose outcome is not on disk yet. */
  private ReplayCount.Step write(List<ReplayMatch> chunk, ReplayStore.ReplayTransaction transaction)
      throws SQLException {
    pace.again(); // a transaction before this one may have been rolled back
    ReplayCount.Step step = new ReplayCount.Step();
    if (!transaction.mayGoOn()) {
      stop();
      return step;
    }
    long now = transaction.now();
    for (ReplayMatch match : chunk) {
      if (match.isToRun() && !write(match, now, step, transaction)) {
        break;
      }
      step.done(match);
    }
    if (step.deliveries() > 0) {
      transaction.reached(chunk.get(step.deliveries() - 1).position(), count.after(step));
    }
    return step;
  }

  private boolean write(
      ReplayMatch match, long now, ReplayCount.Step step, ReplayStore.ReplayTransaction transaction)
      throws SQLException {
    List<ReplayTarget> free = new ArrayList<>();
    for (ReplayTarget target : match.targets()) {
      switch (transaction.of(target, match.position())) {
        case BEING_WRITTEN -> {
          return false;
        }
        case WAITING -> {}
        case FREE -> free.add(target);
      }
    }
    for (int waiting = match.targets().size() - free.size(); waiting > 0; waiting--) {
      step.alreadyWaiting();
    }
    long dueAt = free.isEmpty() ? 0 : pace.next(now);
    for (ReplayTarget target : free) {
      ReplayStore.MadeDue made = transaction.makeDue(target, match.position(), dueAt);
      if (made.waits()) {
        step.alreadyWaiting();
      } else {
        step.scheduled(target, dueAt, made.row());
      }
    }
    return true;
  }

  private ReplayCount.Step dryRun(List<ReplayMatch> chunk, DeliveryReader reader)
      throws SQLException {
    ReplayStore.Standings standings =
        store.standings(targets, chunk.stream().map(ReplayMatch::position).toList(), reader);
    ReplayCount.Step step = new ReplayCount.Step();
    for (ReplayMatch match : chunk) {
      for (ReplayTarget target : match.isToRun() ? match.targets() : List.<ReplayTarget>of()) {
        if (standings.of(target, match.position()) == Standing.WAITING) {
          step.alreadyWaiting();
        } else {
          step.scheduled(target);
        }
      }
      step.done(match);
    }
    return step;
  }
}

package dev.caravan.log.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counts of a replay so far. Safe for use by many threads. */
final class ReplayCount {
  private ReplayProgress progress;

  ReplayCount(ReplayProgress progress) {
    this.progress = progress;
  }

  /** The counts of a replay that begins. */
  static ReplayProgress nothing(boolean dryRun, List<ReplayTarget> targets) {
    Map<String, Long> scheduled = new TreeMap<>();
    targets.forEach(target -> scheduled.put(target.name(), 0L));
    return new ReplayProgress(State.RUNNING, dryRun, 0, scheduled, 0, 0, 0, 0, null, null);
  }

  /** The counts of one chunk of deliveries. */
  static final class Step {
    private final List<String> scheduled = new ArrayList<>();
    private final List<ScheduledRow> rows = new ArrayList<>();
    private int deliveries;
    private long alreadyWaiting;
    private long notWanted;
    private long notKept;
    private long lastDueAt;

    void scheduled(ReplayTarget target) {
      scheduled.add(target.name());
    }

    void scheduled(ReplayTarget target, long dueAt, @Nullable ScheduledRow row) {
      scheduled.add(target.name());
      lastDueAt = dueAt;
      if (row != null) {
        rows.add(row);
      }
    }

    void alreadyWaiting() {
      alreadyWaiting++;
    }

    /** This delivery is dealt with. */
    void done(ReplayMatch match) {
      deliveries++;
      if (match.targets().isEmpty()) {
        notWanted++;
      } else if (!match.isKept()) {
        notKept++;
      }
    }

    /** How many deliveries of the chunk are dealt with, from the first on. */
    int deliveries() {
      return deliveries;
    }

    /** The rows that can be taken back. */
    List<ScheduledRow> rows() {
      return rows;
    }
  }

  synchronized void add(Step step) {
    progress = after(step);
  }

  /** What the counts will be with that step. */
  synchronized ReplayProgress after(Step step) {
    Map<String, Long> scheduled = new TreeMap<>(progress.scheduled());
    step.scheduled.forEach(name -> scheduled.merge(name, 1L, Long::sum));
    Instant last = progress.lastDueAt();
    Instant due = step.lastDueAt == 0 ? null : Instant.ofEpochMilli(step.lastDueAt);
    return new ReplayProgress(
        progress.state(),
        progress.dryRun(),
        progress.matched() + step.deliveries,
        scheduled,
        progress.alreadyWaiting() + step.alreadyWaiting,
        progress.notWanted() + step.notWanted,
        progress.notKept() + step.notKept,
        progress.takenBack(),
        due == null || (last != null && last.isAfter(due)) ? last : due,
        progress.error());
  }

  synchronized void takenBack(int rows) {
    State state = progress.state();
    progress =
        with(
            rows > 0 && state == State.DONE ? State.CANCELLED : state,
            progress.takenBack() + rows,
            progress.error());
  }

  synchronized void end(State how, @Nullable String why) {
    progress = with(how, progress.takenBack(), why);
  }

  private ReplayProgress with(State state, long takenBack, @Nullable String error) {
    return new ReplayProgress(
        state,
        progress.dryRun(),
        progress.matched(),
        progress.scheduled(),
        progress.alreadyWaiting(),
        progress.notWanted(),
        progress.notKept(),
        takenBack,
        progress.lastDueAt(),
        error);
  }

  synchronized ReplayProgress progress() {
    return progress;
  }
}

package dev.caravan.log.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a replay has come to so far. Safe for use by many threads. */
final class ReplayCount {
  private final boolean dryRun;
  private final Map<String, Long> scheduled = new TreeMap<>();
  private long matched;
  private long alreadyWaiting;
  private long notWanted;
  private long notKept;
  private long takenBack;
  private long lastDueAt;
  private State state = State.RUNNING;
  private @Nullable String error;

  ReplayCount(boolean dryRun, List<ReplayTarget> targets) {
    this.dryRun = dryRun;
    targets.forEach(target -> scheduled.put(target.name(), 0L));
  }

  /**
   * What was done in one transaction.
   *
   * @param deliveries of how many it was, from the first on
   * @param scheduled the names of the subscriptions, once for each delivery
   * @param rows that can be taken back
   * @param lastDueAt milliseconds since 1970; 0 when there is none
   */
  record Step(
      int deliveries,
      List<String> scheduled,
      int alreadyWaiting,
      long lastDueAt,
      List<ScheduledRows.Row> rows) {}

  synchronized void matched() {
    matched++;
  }

  synchronized void notWanted() {
    notWanted++;
  }

  synchronized void notKept() {
    notKept++;
  }

  synchronized void add(Step step) {
    step.scheduled().forEach(name -> scheduled.merge(name, 1L, Long::sum));
    alreadyWaiting += step.alreadyWaiting();
    lastDueAt = Math.max(lastDueAt, step.lastDueAt());
  }

  synchronized void takenBack(int rows) {
    takenBack += rows;
    if (rows > 0 && state == State.DONE) {
      state = State.CANCELLED;
    }
  }

  synchronized void end(State how, @Nullable String why) {
    state = how;
    error = why;
  }

  synchronized ReplayProgress progress() {
    return new ReplayProgress(
        state,
        dryRun,
        matched,
        Map.copyOf(scheduled),
        alreadyWaiting,
        notWanted,
        notKept,
        takenBack,
        lastDueAt == 0 ? null : Instant.ofEpochMilli(lastDueAt),
        error);
  }
}

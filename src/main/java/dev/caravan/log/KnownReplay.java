package dev.caravan.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay that was started.
 *
 * @param id what it is found by
 * @param what the request in words
 * @param subscription the one it goes to; null for every running one that wants the deliveries
 */
public record KnownReplay(
    String id, String what, @Nullable String subscription, Instant startedAt, Replay replay) {

  /** Whether it is still finding deliveries, or may have scheduled some that have yet to run. */
  public boolean mayBeCancelled() {
    ReplayProgress progress = replay.progress();
    return progress.state() == ReplayProgress.State.RUNNING
        || (progress.state() == ReplayProgress.State.DONE && progress.lastDueAt() != null);
  }
}

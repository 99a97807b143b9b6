package dev.caravan.log;

import java.util.concurrent.CompletableFuture;

/** A replay in progress, on threads of the log's own. Safe for use by many threads. */
public interface Replay {
  /** Its progress at this moment. */
  ReplayProgress progress();

  /**
   * Schedules no more, and takes back what it has scheduled and no subscription has begun to run:
   * what was a dead letter is one again. Only the last hundred thousand of a very large replay can
   * be taken back, and only the newest few replays. Returns at once; {@link
   * ReplayProgress#takenBack} counts them. What another server scheduled, or this one before a
   * restart, stays scheduled.
   */
  void cancel();

  /** Completes with the last progress, however it ends; never fails. */
  CompletableFuture<ReplayProgress> end();
}

package dev.caravan.log;

import java.util.concurrent.CompletableFuture;

/** A replay in progress, on threads of the log's own. Safe for use by many threads. */
public interface Replay {
  /** Its progress at this moment. */
  ReplayProgress progress();

  /**
   * Schedules no more, and takes back what it has scheduled and no subscription has begun to run:
   * what was a dead letter is one again. Of a very large replay, the last hundred thousand can be
   * taken back, and of many replays, the newest few. Returns at once; {@link
   * ReplayProgress#takenBack} counts them. What another server scheduled, or this one before a
   * restart, stays scheduled.
   */
  void cancel();

  /** Completes with the last progress, whatever the end; never fails. */
  CompletableFuture<ReplayProgress> end();
}

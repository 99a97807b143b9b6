package dev.caravan.log;

import java.util.concurrent.CompletableFuture;

/** A replay under way, on threads of the log's own. Safe for use by many threads. */
public interface Replay {
  /** How far it is at this moment. */
  ReplayProgress progress();

  /** Schedules no more; what is scheduled stays so. Returns at once. */
  void cancel();

  /** Completes with the last progress, whatever the end; never fails. */
  CompletableFuture<ReplayProgress> end();
}

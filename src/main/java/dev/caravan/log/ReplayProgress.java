package dev.caravan.log;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a replay. Its work is done when everything is scheduled; the deliveries
 * themselves run as they become due.
 *
 * @param matched deliveries found so far that match the query
 * @param scheduled how many each subscription gets, or would get in a dry run
 * @param alreadyWaiting pairs of delivery and subscription left alone, because the subscription has
 *     yet to run the delivery or is running it
 * @param notWanted deliveries that no subscription of the replay wants
 * @param notKept deliveries that cannot run, since their body is no longer kept
 * @param takenBack of those scheduled, how many were taken back before they ran
 * @param lastDueAt when the last of those scheduled becomes due; null before the first and in a dry
 *     run
 * @param error why it failed, a sentence; null unless it did
 */
public record ReplayProgress(
    State state,
    boolean dryRun,
    long matched,
    Map<String, Long> scheduled,
    long alreadyWaiting,
    long notWanted,
    long notKept,
    long takenBack,
    @Nullable Instant lastDueAt,
    @Nullable String error) {

  /** The stage that the replay is in. */
  public enum State {
    RUNNING,
    DONE,
    CANCELLED,
    FAILED
  }
}

package dev.caravan.log.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that the log knows, and its state.
 *
 * @param running whether its route is there; the log does not know what an idle one wants
 * @param events what it wants, in its route's words; empty while it is idle
 * @param repository the glob its route has for repositories; null without one, and while it is idle
 * @param paused whether it was paused by a person
 * @param inWork attempts whose outcome is not known yet
 * @param lag deliveries it has yet to run for the first time; 0 while it is idle
 * @param oldestWaiting when the oldest of those was received; null when there is none
 * @param due deliveries that must run again: retries, replays, redeliveries
 * @param nextDueAt when the next of those is due; in the past while it waits for its turn; null
 *     when there is none
 * @param deadLetters deliveries it has given up on
 * @param lastError the last failure since the start, or else the newest dead letter's; null without
 *     one
 * @param lastErrorAt when that was; null without one
 */
public record KnownSubscription(
    String name,
    boolean running,
    List<String> events,
    @Nullable String repository,
    boolean paused,
    int inWork,
    long lag,
    @Nullable Instant oldestWaiting,
    long due,
    @Nullable Instant nextDueAt,
    long deadLetters,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt) {}

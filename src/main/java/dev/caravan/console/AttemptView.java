package dev.caravan.console;

import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.logging.AttemptLines;
import dev.caravan.logging.LinesAbout;
import java.time.Instant;
import java.util.List;

/**
 * An attempt, and what its route has logged.
 *
 * @param lines the lines that are left, oldest first
 * @param isCut whether earlier lines may be gone
 */
public record AttemptView(AttemptRecord attempt, List<AttemptLines.Line> lines, boolean isCut) {
  /** All attempts at a delivery, with their lines. */
  static List<AttemptView> of(
      DeliverySummary delivery, List<AttemptRecord> attempts, AttemptLines lines) {
    return attempts.stream()
        .map(
            attempt ->
                new AttemptView(
                    attempt,
                    lines.of(
                        delivery.guid(),
                        LinesAbout.attempt(
                            delivery.position(), attempt.subscription(), attempt.number()),
                        attempt.startedAt(),
                        next(attempt, attempts)),
                    attempt.startedAt().isBefore(lines.keptSince())))
        .toList();
  }

  /** When the next attempt of that number began, since a replay starts at the first again. */
  private static Instant next(AttemptRecord attempt, List<AttemptRecord> attempts) {
    return attempts.stream()
        .filter(
            other ->
                other.subscription().equals(attempt.subscription())
                    && other.number() == attempt.number()
                    && other.startedAt().isAfter(attempt.startedAt()))
        .map(AttemptRecord::startedAt)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }
}

package dev.caravan.log.dispatch;

import java.util.List;

/**
 * What is due in a subscription at one moment.
 *
 * @param now those whose time has come, the longest overdue first
 * @param holding in a strict subscription, all that hold up their lanes: those that have failed, or
 *     were cut off in their first attempt
 * @param nextAt when the next one is due after those, in milliseconds since 1970, or {@link
 *     Long#MAX_VALUE}
 * @param readAt when the table was read, in milliseconds since 1970
 */
public record DueBatch(List<Row> now, List<Row> holding, long nextAt, long readAt) {
  /**
   * One row.
   *
   * @param attempts failed so far; 0 for a replay
   * @param dueAt milliseconds since 1970
   */
  public record Row(Envelope envelope, int attempts, long dueAt) {
    /** Whether its first attempt was cut off. */
    public boolean wasCutOff() {
      return attempts == 0 && dueAt == Outcome.AT_ONCE;
    }
  }
}

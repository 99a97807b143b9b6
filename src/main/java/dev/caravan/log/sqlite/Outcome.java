package dev.caravan.log.sqlite;

import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt and is to be written down.
 *
 * @param number of the attempt, from 1
 * @param startedAt milliseconds since 1970
 * @param took milliseconds
 * @param error the error's sentence, or null for success
 */
record Outcome(
    Pending pending,
    int number,
    long startedAt,
    long took,
    @Nullable String error,
    Next next,
    long dueAt) {

  /** What happens to the delivery now. */
  enum Next {
    DONE,
    /** Again at {@code dueAt}, milliseconds since 1970. */
    RETRY,
    DEAD_LETTER
  }
}

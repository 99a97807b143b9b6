package dev.caravan.notices;

import java.time.Instant;
import java.util.Map;

/**
 * One thing that happened to Caravan itself.
 *
 * @param text what happened, in a sentence
 * @param details what is in the sentence, by name: subscription, delivery, event, repository,
 *     error, owner, file, count, as far as there is such a thing
 */
public record Notice(
    NoticeKind kind, State state, Instant at, String text, Map<String, Object> details) {

  /** Whether it is still going on. */
  public enum State {
    /** It has begun; a notice that it is over follows. */
    BEGAN,
    /** What had begun is over. */
    OVER,
    /** It happened in a moment. */
    HAPPENED
  }
}

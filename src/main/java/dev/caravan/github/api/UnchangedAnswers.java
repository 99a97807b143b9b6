package dev.caravan.github.api;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest answers with their ETags: asking whether one is still valid does not count towards
 * GitHub's rate limit. Only a few small answers are kept: those asked for again and again are few
 * and small.
 */
final class UnchangedAnswers {
  private static final int MOST = 32;
  private static final int LARGEST = 64 * 1024;
  private static final int NOT_MODIFIED = 304;

  private final Map<URI, Answer> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Answer> eldest) {
          return size() > MOST;
        }
      };

  /** The ETag to ask with, or null. */
  @Nullable String tag(URI target) {
    Answer answer = kept.get(target);
    return answer == null ? null : answer.header("ETag");
  }

  /** The valid answer: this one, or the kept one if this says that it is still valid. */
  Answer seen(URI target, Answer answer, int bytes) {
    if (answer.status() == NOT_MODIFIED) {
      Answer before = kept.get(target);
      return before == null ? answer : before.confirmedBy(answer);
    }
    kept.remove(target);
    if (answer.status() == 200 && !answer.header("ETag").isEmpty() && bytes <= LARGEST) {
      kept.put(target, answer);
    }
    return answer;
  }
}

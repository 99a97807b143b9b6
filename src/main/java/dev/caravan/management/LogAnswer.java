package dev.caravan.management;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.UnknownSubscriptionException;
import java.util.function.Supplier;

/** What comes of a question to the log: an answer, or a refusal that says why there is none. */
final class LogAnswer {
  private LogAnswer() {}

  static <T> T answer(Supplier<T> answer) {
    try {
      return answer.get();
    } catch (UnknownSubscriptionException e) {
      throw new RefusedException(404, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(400, e.getMessage());
    } catch (LogUnavailableException e) {
      throw new RefusedException(503, e.getMessage());
    }
  }
}

package dev.caravan.management;

import dev.caravan.log.DeliveryLog;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import java.util.function.Supplier;

/** The result of a question to the log: an answer, or a refusal that says why there is none. */
public final class LogAnswer {
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

  /**
   * The replay of that number.
   *
   * @throws RefusedException when there is none
   */
  public static KnownReplay replay(DeliveryLog log, String id) {
    return log.replays().stream()
        .filter(known -> known.id().equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new RefusedException(
                    404,
                    "There is no replay '%s' among those that are remembered: the newest hundred, and with one process those since it started."
                        .formatted(id)));
  }
}

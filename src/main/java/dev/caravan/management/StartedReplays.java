package dev.caravan.management;

import dev.caravan.log.DeliveryLog;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.ReplayRequest;
import java.util.List;

/** The replays that a log remembers, by a number each. Safe for use by many threads. */
public record StartedReplays(DeliveryLog log) {
  /** Starts one; throws what {@link DeliveryLog#replay} does. */
  public KnownReplay start(ReplayRequest request, String what) {
    return log.replay(request, what);
  }

  /** All that are remembered, the newest first. */
  public List<KnownReplay> all() {
    return log.replays();
  }

  /**
   * The replay of that number.
   *
   * @throws RefusedException when there is none
   */
  public KnownReplay find(String id) {
    return all().stream()
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

package dev.caravan.log.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest delivery that was completed in each lane, of as many lanes as are worth remembering:
 * so that a retry of an older one does not undo what that has done.
 */
final class NewestRun {
  private static final int MOST_LANES = 10_000;

  private final Map<String, Long> positions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_LANES;
        }
      };

  void completed(InFlightDelivery delivery) {
    if (delivery.lane() != null) {
      positions.merge(delivery.lane(), delivery.position(), Math::max);
    }
  }

  boolean isNewerThan(InFlightDelivery delivery) {
    return delivery.lane() != null
        && positions.getOrDefault(delivery.lane(), Long.MIN_VALUE) > delivery.position();
  }
}

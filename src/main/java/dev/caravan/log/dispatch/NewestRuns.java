package dev.caravan.log.dispatch;

import dev.caravan.log.Delivery;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.dispatch.SubscriptionStore.UnreadableException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest delivery that was run to its end in each lane of a subscription that wants only the
 * newest: so that a retry of an older one does not undo what that has done.
 *
 * <p>What has run since the subscription began is known here, of as many lanes as are worth
 * remembering. What ran before that, a restart ago, is asked of the tables when something of its
 * lane is tried again. Safe for use by many threads.
 */
final class NewestRuns {
  private static final int MOST_LANES = 10_000;

  private final long subscription;
  private final SubscriptionSettings settings;
  private final SubscriptionStore store;
  private final Map<String, Lane> lanes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Lane> eldest) {
          return size() > MOST_LANES;
        }
      };

  /**
   * What is known of a lane.
   *
   * @param knownFrom from here on nothing newer has run
   */
  private record Lane(Run newest, long knownFrom) {
    static final Lane UNKNOWN = new Lane(Run.NONE, Long.MAX_VALUE);

    boolean answersFor(long position) {
      return newest.position() > position || knownFrom <= position;
    }
  }

  NewestRuns(long subscription, SubscriptionSettings settings, SubscriptionStore store) {
    this.subscription = subscription;
    this.settings = settings;
    this.store = store;
  }

  /** An attempt is over, with that outcome. */
  void ended(InFlightDelivery delivery, Outcome outcome) {
    if (settings.newestOnly() && outcome.isRunToItsEnd() && delivery.lane() != null) {
      learn(
          delivery.lane(),
          new Run(delivery.position(), outcome.startedAt() + outcome.took()),
          Long.MAX_VALUE);
    }
  }

  /**
   * Whether a newer delivery of its lane was run to its end after this one had failed. One that
   * somebody has asked for again meanwhile runs for all that was before.
   */
  boolean haveOvertaken(InFlightDelivery delivery, Delivery.Subject subject)
      throws UnreadableException {
    String lane = delivery.lane();
    if (!settings.newestOnly() || lane == null || !delivery.wasBegun()) {
      return false;
    }
    long position = delivery.position();
    Run newest = known(lane, position);
    if (newest == null) {
      Run before = store.newestRun(subscription, settings.orderBy(), subject, position);
      newest = learn(lane, before, position);
    }
    return newest.position() > position
        && newest.endedAt()
            >= store.askedForAgainAt(subscription, position, delivery.attempts() > 0 ? 1 : 0);
  }

  private synchronized @Nullable Run known(String lane, long position) {
    Lane found = lanes.get(lane);
    return found != null && found.answersFor(position) ? found.newest() : null;
  }

  private synchronized Run learn(String lane, Run run, long knownFrom) {
    Lane before = lanes.getOrDefault(lane, Lane.UNKNOWN);
    Lane now = new Lane(before.newest().newer(run), Math.min(before.knownFrom(), knownFrom));
    lanes.put(lane, now);
    return now.newest();
  }
}

package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Run;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.SubscriptionStore.Stretch;
import dev.caravan.log.dispatch.SubscriptionStore.UnreadableException;
import dev.caravan.log.dispatch.workingset.InFlightDelivery;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest completed delivery in each lane of a subscription that wants only the newest: a retry
 * of an older one must not undo what that one has done.
 *
 * <p>What has run since the subscription began is remembered here, for the lanes used last. What
 * ran before a restart is read from the tables when something is tried again: backwards, for all
 * lanes at once, and only as far as needed. Safe for use by many threads.
 */
public final class NewestRuns {
  private static final int MOST_LANES = 10_000;

  private final long subscription;
  private final SubscriptionSettings settings;
  private final SubscriptionStore store;
  private final Object reading = new Object();
  private final Map<String, Run> lanes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Run> eldest) {
          forgotten |= size() > MOST_LANES;
          return size() > MOST_LANES;
        }
      };

  private boolean forgotten;

  /** From here on, all lanes' runs before a restart are known; guarded by {@code reading}. */
  private long knownFrom = Long.MAX_VALUE;

  public NewestRuns(long subscription, SubscriptionSettings settings, SubscriptionStore store) {
    this.subscription = subscription;
    this.settings = settings;
    this.store = store;
  }

  /** An attempt has ended, with that outcome. */
  void ended(InFlightDelivery delivery, Outcome outcome) {
    if (settings.newestOnly() && outcome.isRunToItsEnd() && delivery.lane() != null) {
      learn(
          Map.of(
              delivery.lane(), new Run(delivery.position(), outcome.startedAt() + outcome.took())));
    }
  }

  /**
   * Whether a newer delivery of its lane was completed after this one had failed. If somebody asked
   * for this one again meanwhile, only what ran after that counts.
   */
  boolean haveOvertaken(InFlightDelivery delivery) throws UnreadableException {
    String lane = delivery.lane();
    if (!settings.newestOnly() || lane == null || !delivery.wasBegun()) {
      return false;
    }
    long position = delivery.position();
    Run newest = newest(lane, position);
    return newest.position() > position
        && newest.endedAt()
            >= store.askedForAgainAt(subscription, position, delivery.attempts() > 0 ? 1 : 0);
  }

  /** The newest run of the lane; any older one will do unless it is after the position. */
  private Run newest(String lane, long position) throws UnreadableException {
    Run newest = known(lane);
    if (newest.position() > position) {
      return newest;
    }
    synchronized (reading) { // once for all who ask meanwhile
      if (wasForgotten()) {
        knownFrom = Long.MAX_VALUE; // stays so if the tables cannot be read now
      }
      long from = knownFrom;
      while (from > position + 1 && newest.position() <= position) {
        Stretch stretch = store.newestRuns(subscription, settings.orderBy(), position, from);
        learn(stretch.newest());
        from = stretch.from();
        newest = known(lane);
      }
      knownFrom = from;
      return newest;
    }
  }

  private synchronized Run known(String lane) {
    return lanes.getOrDefault(lane, Run.NONE);
  }

  private synchronized void learn(Map<String, Run> runs) {
    runs.forEach((lane, run) -> lanes.merge(lane, run, Run::newer));
  }

  /** Whether a lane was forgotten since the last call, so that the tables must be read again. */
  private synchronized boolean wasForgotten() {
    boolean was = forgotten;
    forgotten = false;
    return was;
  }
}

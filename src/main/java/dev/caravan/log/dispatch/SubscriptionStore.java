package dev.caravan.log.dispatch;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.OrderBy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a running subscription needs from the engine that keeps its log. */
public interface SubscriptionStore {
  /** A delivery could not be read. */
  final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isForGood;

    /**
     * Says why.
     *
     * @param isForGood whether trying again is of no use
     */
    public UnreadableException(Throwable cause, boolean isForGood) {
      super(cause);
      this.isForGood = isForGood;
    }

    public boolean isForGood() {
      return isForGood;
    }
  }

  /**
   * What a subscription has completed in a stretch of the log.
   *
   * @param from its first position
   * @param newest the newest run of each lane that has one
   */
  record Stretch(long from, Map<String, Run> newest) {}

  /**
   * The delivery at a position, or null when it is no longer kept.
   *
   * @throws ExpiredException when it is no longer kept, and thus is a dead letter already
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  @Nullable Delivery load(long position) throws UnreadableException;

  /** The GUID of the delivery at a position, or null when it is unknown. */
  @Nullable String guidAt(long position);

  /**
   * What the subscription has completed in the last stretch of the log between two positions, as
   * far as it is on disk. A stretch is as long as can be read in a moment; from its end to the
   * second position, nothing was completed.
   *
   * @param orderBy what defines the lanes
   * @param after the position before the first to look at
   * @param before the position after the last to look at
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException;

  /**
   * When a delivery last started over with a first attempt, in milliseconds since 1970, because it
   * was replayed or GitHub sent it again; {@link Long#MIN_VALUE} if it never did.
   *
   * @param turns how many first attempts that were not cut off it has had since then
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  long askedForAgainAt(long subscription, long position, int turns) throws UnreadableException;

  /** Soon reads what the subscription {@linkplain RunningSubscription#readRequest requests}. */
  void requestReading(RunningSubscription subscription);

  /**
   * Outcomes wait to be written.
   *
   * @param urgent whether the subscription soon cannot continue unless they are
   */
  void outcomeWaiting(boolean urgent);

  /** Records whether a subscription is paused; returns when that is on disk. */
  void setPaused(String subscription, boolean paused);

  /** Why the log cannot be written at this moment, or an empty text when it can. */
  String trouble();
}

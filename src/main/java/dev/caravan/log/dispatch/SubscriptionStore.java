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
     * @param isForGood whether it will not get better by itself
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
   * What a subscription has run to its end in a stretch of the log.
   *
   * @param from the position that it begins with
   * @param newest of each lane in which anything was run
   */
  record Stretch(long from, Map<String, Run> newest) {}

  /**
   * The delivery at a position, or null when it is no longer kept.
   *
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  @Nullable Delivery load(long position) throws UnreadableException;

  /** The GUID of what is there, or null when that is unknown. */
  @Nullable String guidAt(long position);

  /**
   * What the subscription has run to its end in the last stretch of the log between two positions,
   * as far as that is on disk. A stretch is as long as can be read in a moment; behind it, up to
   * the second position, nothing else was run.
   *
   * @param orderBy what makes the lanes
   * @param after the position before the first that counts
   * @param before the position behind the last that counts
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException;

  /**
   * When a delivery began to run from its first attempt on once more, in milliseconds since 1970:
   * replayed, or sent again by GitHub. Else {@link Long#MIN_VALUE}.
   *
   * @param turns how many first attempts that were not cut off it has had since then
   * @throws UnreadableException when it cannot be read now, or never will be
   */
  long askedForAgainAt(long subscription, long position, int turns) throws UnreadableException;

  /** Reads soon what the subscription requests. Does not block. */
  void requestReading(RunningSubscription subscription);

  /**
   * Some outcome is to be written.
   *
   * @param urgent whether the subscription cannot go on before that is done
   */
  void outcomeWaiting(boolean urgent);

  /** Keeps whether a subscription is paused; returns when that is on disk. */
  void setPaused(String subscription, boolean paused);

  /** Why the log cannot be written at this moment, or an empty text when it can. */
  String trouble();
}

package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.subscription.Rate;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that have begun within the period of a rate. Not safe for use by several threads.
 */
final class RecentStarts {
  private final Deque<Long> starts = new ArrayDeque<>();
  private @Nullable Rate most;

  /** Allows no more than this from now on; null for any number. */
  void most(@Nullable Rate value) {
    most = value;
    if (value == null) {
      starts.clear();
    }
  }

  /** How long until another may begin, in nanoseconds; 0 for now. */
  long nanosUntilNext(long now) {
    if (most == null) {
      return 0;
    }
    while (!starts.isEmpty() && now - starts.peekFirst() >= most.per().toNanos()) {
      starts.removeFirst();
    }
    if (starts.size() < most.count()) {
      return 0;
    }
    while (starts.size() > most.count()) {
      starts.removeFirst(); // the rate was lowered
    }
    return starts.getFirst() + most.per().toNanos() - now;
  }

  void begun(long now) {
    if (most != null) {
      starts.addLast(now);
    }
  }

  /** The one that began then does not count: it asked nothing of the destination. */
  void takeBack(long begunAt) {
    starts.removeLastOccurrence(begunAt);
  }
}

package dev.caravan.log.dispatch;

import dev.caravan.log.Rate;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which attempts have begun within the time that a rate is about. Not safe for use by several
 * threads.
 */
final class RecentStarts {
  private final Rate most;
  private final Deque<Long> starts = new ArrayDeque<>();

  RecentStarts(Rate most) {
    this.most = most;
  }

  /** How long it is until another may begin, in nanoseconds; 0 for now. */
  long nanosUntilNext(long now) {
    while (!starts.isEmpty() && now - starts.peekFirst() >= most.per().toNanos()) {
      starts.removeFirst();
    }
    return starts.size() < most.count() ? 0 : starts.getFirst() + most.per().toNanos() - now;
  }

  void begun(long now) {
    starts.addLast(now);
  }

  /** One that has begun has asked nothing of the destination. */
  void takeBack() {
    starts.pollLast();
  }
}

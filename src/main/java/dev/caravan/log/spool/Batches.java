package dev.caravan.log.spool;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The attempts that wait to be appended to the shared log, in the order in which their deliveries
 * came, and which of them make up the next batch: many, but half as many each time all fail, until
 * one that always fails is alone. A delivery behind a failed one of its lane waits for it. Safe for
 * use by many threads.
 */
final class Batches {
  /** What is appended in a moment. */
  static final int MOST_AT_ONCE = 512;

  /** Enough for the next batch to wait while one is under way. */
  static final int MOST_WAITING = 2 * MOST_AT_ONCE;

  private static final long MOST_BYTES = 8 << 20;

  private final Set<Attempt> waiting = new LinkedHashSet<>();
  private final Set<String> heldUp = new HashSet<>();
  private long bytes;
  private int atOnce = MOST_AT_ONCE;
  private boolean isUnderWay;
  private boolean closed;

  /** Adds one; waits while there is no memory for its body. False once this is closed. */
  synchronized boolean add(Attempt attempt) throws InterruptedException {
    int length = attempt.delivery().body().length;
    while (!closed && bytes > 0 && bytes + length > MOST_BYTES) {
      wait();
    }
    bytes += length;
    return !closed && waiting.add(attempt);
  }

  /** Begins the next batch; empty while another is under way, until {@link #over} is called. */
  synchronized List<Attempt> next() {
    List<Attempt> some = new ArrayList<>();
    if (isUnderWay || closed) {
      return some;
    }
    Iterator<Attempt> each = waiting.iterator();
    while (each.hasNext() && some.size() < atOnce) {
      Attempt attempt = each.next();
      if (!heldUp.contains(lane(attempt))) {
        some.add(attempt);
      }
    }
    isUnderWay = !some.isEmpty();
    return some;
  }

  /**
   * A batch is over. If all of it failed, one of them may be the cause: half of it goes next.
   *
   * @param failed those of it to try again
   * @return whether some are held up until {@link #tryAgain}
   */
  synchronized boolean over(List<Attempt> batch, Set<Attempt> failed) {
    isUnderWay = false;
    for (Attempt each : batch) {
      if (!failed.contains(each) && waiting.remove(each)) {
        bytes -= each.delivery().body().length;
      }
    }
    notifyAll();
    if (failed.size() == batch.size() && batch.size() > 1) {
      atOnce = batch.size() / 2;
      return false;
    }
    if (failed.size() < batch.size()) {
      atOnce = Math.min(2 * atOnce, MOST_AT_ONCE);
    }
    failed.forEach(each -> heldUp.add(lane(each)));
    return !failed.isEmpty();
  }

  /** Lets those that failed go next again. */
  synchronized void tryAgain() {
    heldUp.clear();
  }

  /** Ends {@link #add}'s waiting. What has not been appended stays in the spool. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private static String lane(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    String lane = OrderBy.REPOSITORY.lane(delivery.subject());
    return lane == null ? "delivery " + delivery.guid() : lane; // its own
  }
}

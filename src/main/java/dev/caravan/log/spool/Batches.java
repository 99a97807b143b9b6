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
 * came, and which of them go next in one go: many, or fewer and fewer while all fail, so that one
 * that always fails is alone in the end. What is behind one that has failed in its lane waits for
 * it. Safe for use by many threads.
 */
final class Batches {
  /** What is appended in a moment. */
  static final int MOST_AT_ONCE = 512;

  /** Those that wait while a batch is under way are the next one. */
  static final int MOST_WAITING = 2 * MOST_AT_ONCE;

  private static final long MOST_BYTES = 8 << 20;

  private final Set<Attempt> waiting = new LinkedHashSet<>();
  private final Set<String> heldUp = new HashSet<>();
  private long bytes;
  private int atOnce = MOST_AT_ONCE;
  private boolean isUnderWay;
  private boolean closed;

  /** Adds one; waits while there is no memory for its body. False when it is closed. */
  synchronized boolean add(Attempt attempt) throws InterruptedException {
    int length = attempt.delivery().body().length;
    while (!closed && bytes > 0 && bytes + length > MOST_BYTES) {
      wait();
    }
    bytes += length;
    return !closed && waiting.add(attempt);
  }

  /** Those that go next, until {@link #over} is told; none while others are under way. */
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
   * A batch is over. Where all of it has failed, it may be for one of them: half of it goes next.
   *
   * @param failed those of it that are to be tried again
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

  /** Those that have failed go next again. */
  synchronized void tryAgain() {
    heldUp.clear();
  }

  /** What waits stays in the spool. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private static String lane(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    String lane = OrderBy.REPOSITORY.lane(delivery.subject());
    return lane == null ? "delivery " + delivery.guid() : lane; // of its own
  }
}

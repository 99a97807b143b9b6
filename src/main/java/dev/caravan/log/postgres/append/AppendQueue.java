package dev.caravan.log.postgres.append;

import dev.caravan.log.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that wait to be appended: the batch being written, those behind it, and repeats.
 * One thread takes deliveries; any thread may add them.
 */
final class AppendQueue {
  /** GitHub waits ten seconds. */
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(8);

  private static final int MOST_AT_ONCE = 512;
  private static final int MOST_BYTES_AT_ONCE = 16 << 20;

  private final boolean isSpooled;
  private final Queue<Append> queue = new ConcurrentLinkedQueue<>();
  private volatile List<Append> batch = List.of();

  /** Those that came again and wait for a decision. */
  private final Set<Append> repeats = ConcurrentHashMap.newKeySet();

  /** Why nothing more is taken from the spool; guarded by this. */
  private @Nullable LogUnavailableException spooledEnded;

  /**
   * @param isSpooled whether a spool takes those that wait for too long
   */
  AppendQueue(boolean isSpooled) {
    this.isSpooled = isSpooled;
  }

  void add(Append append) {
    queue.add(append);
  }

  /** Adds all, or fails all once the spool's deliveries are no longer taken. */
  synchronized void addAll(List<Append> some) {
    LogUnavailableException ended = spooledEnded;
    if (ended == null) {
      queue.addAll(some);
    } else {
      some.forEach(each -> each.failed(ended));
    }
  }

  @Nullable Append poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes the batch to write next. */
  synchronized List<Append> take() {
    List<Append> some = new ArrayList<>();
    int bytes = 0;
    while (some.size() < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE) {
      Append next = queue.poll();
      if (next == null) {
        break;
      }
      bytes += next.added().content().bytes().length;
      some.add(next);
    }
    batch = some;
    return some;
  }

  /** They expire and are handed on from here too, until they are removed. */
  void addRepeats(List<Append> some) {
    repeats.addAll(some);
  }

  void removeRepeats(List<Append> some) {
    some.forEach(repeats::remove);
  }

  /** The batch taken last. */
  List<Append> batch() {
    return batch;
  }

  /**
   * Fails those that have waited longer than GitHub does. With a spool, which takes the others,
   * only those that come from it.
   */
  void expire(LogUnavailableException cause) {
    if (isSpooled) {
      if (all().anyMatch(each -> each.isFromSpool() && isOverdue(each))) {
        failSpooled(cause);
      }
      return;
    }
    Stream.concat(repeats.stream(), batch.stream())
        .filter(AppendQueue::isOverdue)
        .forEach(each -> each.failed(cause));
    for (Append next = queue.peek(); next != null && isOverdue(next); next = queue.peek()) {
      if (queue.remove(next)) {
        next.failed(cause);
      }
    }
  }

  /**
   * Those that still wait to be appended. Locked: of those handed on or failed together, it sees
   * all or none.
   */
  synchronized List<Append> notOver(List<Append> some) {
    return some.stream().filter(each -> !each.isOver() && !repeats.contains(each)).toList();
  }

  private static boolean isOverdue(Append append) {
    return !append.isOver() && append.hasWaited(LONGEST_NANOS);
  }

  private Stream<Append> all() {
    return Stream.of(repeats, batch, queue).flatMap(Collection::stream).distinct();
  }

  /** Whether one that is not from the spool has waited this long. */
  boolean isWaitingFor(Duration time) {
    return all()
        .anyMatch(each -> !each.isFromSpool() && !each.isOver() && each.hasWaited(time.toNanos()));
  }

  /**
   * Returns those that wait, in order, for the spool to keep; except for those from the spool. A
   * call under way may nevertheless append some of them.
   */
  synchronized List<Append> handOn() {
    List<Append> waiting = all().filter(each -> !each.isFromSpool() && !each.isOver()).toList();
    waiting.forEach(Append::handOn);
    queue.removeAll(Set.copyOf(waiting));
    return waiting;
  }

  /**
   * Those from the spool are still there and need not wait. Fails all: otherwise one could be
   * appended without those before it in its lane.
   */
  synchronized void failSpooled(LogUnavailableException cause) {
    all().filter(Append::isFromSpool).forEach(each -> each.failed(cause));
  }

  /** The same, now and for all that come from there later. */
  synchronized void endSpooled(LogUnavailableException cause) {
    spooledEnded = cause;
    failSpooled(cause);
  }
}

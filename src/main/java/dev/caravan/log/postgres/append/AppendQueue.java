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
 * The deliveries that wait to be appended: those that are being written, those behind them, and
 * repeats. One thread takes deliveries; any thread may add them.
 */
final class AppendQueue {
  /** GitHub waits ten seconds. */
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(8);

  private static final int MOST_AT_ONCE = 512;
  private static final int MOST_BYTES_AT_ONCE = 16 << 20;

  private final boolean isSpooled;
  private final Queue<Append> queue = new ConcurrentLinkedQueue<>();
  private volatile List<Append> batch = List.of();

  /** Came again, and wait until that is decided. */
  private final Set<Append> repeats = ConcurrentHashMap.newKeySet();

  /** Why nothing more is taken from the spool; guarded by this. */
  private @Nullable LogUnavailableException spooledEnded;

  /**
   * @param isSpooled whether somebody hands on what waits for too long
   */
  AppendQueue(boolean isSpooled) {
    this.isSpooled = isSpooled;
  }

  void add(Append append) {
    queue.add(append);
  }

  /** All of them or, where others from the spool are being failed, none until that is over. */
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

  /** Those that must be written next, in one go. */
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

  /** They are looked after here until they are over, as those that were taken last are. */
  void addRepeats(List<Append> some) {
    repeats.addAll(some);
  }

  void removeRepeats(List<Append> some) {
    some.forEach(repeats::remove);
  }

  /** Those that were taken last. */
  List<Append> batch() {
    return batch;
  }

  /**
   * Answers those that have waited for so long that nobody waits for them any more. Where there is
   * a spool, it takes those that are not from there.
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
   * Those that still wait to be appended; never some of those that are handed on or failed
   * together.
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

  /** Whether one that is not from the spool waits for so long, or longer. */
  boolean isWaitingFor(Duration time) {
    return all()
        .anyMatch(each -> !each.isFromSpool() && !each.isOver() && each.hasWaited(time.toNanos()));
  }

  /**
   * Gives up those that wait, in the order in which they came, for somebody else to keep; except
   * for those from the spool. A call that is under way may append some of them nevertheless.
   */
  synchronized List<Append> handOn() {
    List<Append> waiting = all().filter(each -> !each.isFromSpool() && !each.isOver()).toList();
    waiting.forEach(Append::handOn);
    queue.removeAll(Set.copyOf(waiting));
    return waiting;
  }

  /**
   * Those from the spool need not wait: they are there. All of them, or one could be appended whose
   * lane has others before it that are not.
   */
  synchronized void failSpooled(LogUnavailableException cause) {
    all().filter(Append::isFromSpool).forEach(each -> each.failed(cause));
  }

  /** The same, also for those that would come from there from now on. */
  synchronized void endSpooled(LogUnavailableException cause) {
    spooledEnded = cause;
    failSpooled(cause);
  }
}

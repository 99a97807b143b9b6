package dev.caravan.log.dispatch;

import dev.caravan.log.dispatch.Outcome.Next;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a subscription's due rows is in memory, and when the table is to be read again.
 *
 * <p>A row stays here until what came of it is on disk, since until then it can be read again. Not
 * safe for use by several threads.
 */
final class DueSchedule {
  /** With fewer, more are read when there are any. */
  private static final int ENOUGH = 512;

  private static final long NOT_KNOWN = Long.MAX_VALUE;

  private final Set<Long> positions = new HashSet<>();

  /**
   * Those that hold up their lane, with when they are due; {@link #NOT_KNOWN} until it is on disk.
   */
  private final Map<Long, Long> holding = new HashMap<>();

  private final long longestPause;
  private long nextHeldAt = NOT_KNOWN;
  private boolean read;
  private long nextAt; // 0: the table is to be read

  /** When it was read or written last, by the clock: before that, the clock was set back. */
  private long readAt =
      Long.MAX_VALUE; // never: the clock may have been set back since it was written

  /**
   * @param longestPause milliseconds; a retry never has to wait longer, whatever the clock says
   */
  DueSchedule(long longestPause) {
    this.longestPause = longestPause;
  }

  /**
   * The table was read.
   *
   * @param next when the next row after those is due
   * @param now when that was
   */
  void read(long next, long now) {
    read = true;
    nextAt = next;
    if (next > now) { // else there is more, to be read by the same rule
      readAt = now;
    }
  }

  /** A retry due later than this is due now: it was written before the clock was set back. */
  long furthest(long now) {
    return now < readAt ? now + longestPause : Long.MAX_VALUE;
  }

  /** Whether the table was read yet: the first time also says what holds up lanes. */
  boolean wasRead() {
    return read;
  }

  /** A due row comes in; false when it is here already. */
  boolean add(long position) {
    return positions.add(position);
  }

  boolean contains(long position) {
    return positions.contains(position);
  }

  int size() {
    return positions.size();
  }

  /** From now on it holds up its lane; false when it does already. */
  boolean hold(long position) {
    return holding.putIfAbsent(position, NOT_KNOWN) == null;
  }

  /** One that holds up its lane is on disk, and due at that time. */
  void heldUntil(long position, long dueAt) {
    if (holding.replace(position, dueAt) != null) {
      nextHeldAt = Math.min(nextHeldAt, dueAt);
    }
  }

  /**
   * Those that hold up their lane and are due. They are read by themselves: among many others that
   * wait behind them they might not be found.
   */
  List<Long> heldAndDue(long now) {
    return nextHeldAt > now
        ? List.of()
        : holding.entrySet().stream()
            .filter(held -> held.getValue() <= now)
            .map(Map.Entry::getKey)
            .limit(ENOUGH)
            .toList();
  }

  /** They were read: whatever is not there any more is not asked for again. */
  void heldRead(List<Long> asked) {
    for (long position : asked) {
      holding.replace(position, NOT_KNOWN);
    }
    findNextHeld();
  }

  private void findNextHeld() {
    nextHeldAt = NOT_KNOWN;
    for (long dueAt : holding.values()) {
      nextHeldAt = Math.min(nextHeldAt, dueAt);
    }
  }

  /** It holds up its lane no longer; false when it never did. */
  boolean release(long position) {
    return holding.remove(position) != null;
  }

  void written(List<Outcome> outcomes, long now) {
    for (Outcome outcome : outcomes) {
      if (outcome.isDue()) {
        positions.remove(outcome.position());
      }
      if (outcome.isTriedAgain()) {
        nextAt = Math.min(nextAt, outcome.dueAt());
        heldUntil(outcome.position(), outcome.dueAt());
        boolean wasSetBackSince = outcome.dueAt() > now + longestPause;
        readAt = wasSetBackSince ? Long.MAX_VALUE : Math.max(readAt, now);
      } else if (outcome.next() == Next.DEAD_LETTER) {
        nextAt = 0; // a redelivery may have come meanwhile
      }
    }
  }

  void removeAll(Set<Long> gone) {
    positions.removeAll(gone);
    holding.keySet().removeAll(gone);
    findNextHeld();
  }

  /** Something was put into the table from outside. */
  void changed() {
    nextAt = 0;
  }

  /** When the table is to be read next, in milliseconds since 1970. */
  long nextAt() {
    return Math.min(nextAt, nextHeldAt);
  }

  boolean wantsReading(long now) {
    boolean clockWasSetBack = read && now < readAt;
    return nextHeldAt <= now || ((nextAt <= now || clockWasSetBack) && positions.size() < ENOUGH);
  }
}

package dev.caravan.log.sqlite;

import dev.caravan.log.sqlite.Outcome.Next;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a subscription's due rows is in memory, and when the table is to be read again.
 *
 * <p>A row stays here until what came of it is on disk, since until then it can be read again. Not
 * safe for use by several threads.
 */
final class DueHere {
  /** With fewer, more are read when there are any. */
  private static final int ENOUGH = 512;

  private final Set<Long> positions = new HashSet<>();

  /** Those that hold up their lane until they are due. */
  private final Set<Long> holding = new HashSet<>();

  private final long longestPause;
  private boolean read;
  private long nextAt; // 0: the table is to be read

  /**
   * @param longestPause milliseconds after which any retry is due, whatever the clock says
   */
  DueHere(long longestPause) {
    this.longestPause = longestPause;
  }

  /** The table was read, and the next row after those is due then. */
  void read(long next) {
    read = true;
    nextAt = next;
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
    return holding.add(position);
  }

  /** It holds up its lane no longer; false when it never did. */
  boolean release(long position) {
    return holding.remove(position);
  }

  void written(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.pending().due()) {
        positions.remove(outcome.pending().position());
      }
      if (outcome.next() == Next.RETRY) {
        nextAt = Math.min(nextAt, outcome.dueAt());
      }
    }
  }

  void removeAll(Set<Long> gone) {
    positions.removeAll(gone);
    holding.removeAll(gone);
  }

  /** Something was put into the table from outside. */
  void changed() {
    nextAt = 0;
  }

  /** When the table is to be read next, in milliseconds since 1970. */
  long nextAt() {
    return nextAt;
  }

  boolean wantsReading(long now) {
    boolean clockWasSetBack = nextAt != Long.MAX_VALUE && nextAt > now + longestPause;
    return (nextAt <= now || clockWasSetBack) && positions.size() < ENOUGH;
  }
}

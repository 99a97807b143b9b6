package dev.caravan.log.dispatch.running;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that the parts of one subscription in this process may run at once. No thread waits
 * here: a part that finds no turn free stands in line, and is told when to try again. Safe for use
 * by many threads.
 */
public final class Turns {
  private final Deque<User> line = new ArrayDeque<>();
  private int limit;
  private int taken;

  /**
   * @param limit how many attempts at once
   */
  public Turns(int limit) {
    this.limit = limit;
  }

  /** A part of the subscription. */
  interface User {
    /** A turn may be free: it may try again. */
    void turnFreed();
  }

  /** Sets how many there are from now on; attempts under way run to their end. */
  public void limit(int most) {
    @Nullable User first;
    synchronized (this) {
      limit = most;
      first = line.peekFirst();
    }
    tell(first);
  }

  /** Whether a turn is free for this part; if not, it stands in line. */
  synchronized boolean areFreeFor(User user) {
    User first = line.peekFirst();
    if (taken < limit && (first == null || first == user)) {
      return true;
    }
    if (!line.contains(user)) {
      line.addLast(user);
    }
    return false;
  }

  /** Takes a turn; false when none is free for this part, which then stands in line. */
  synchronized boolean take(User user) {
    if (!areFreeFor(user)) {
      return false;
    }
    line.remove(user);
    taken++;
    return true;
  }

  /** Gives a turn back. Never called under the lock of a part, since it tells another part. */
  void giveBack() {
    User first;
    synchronized (this) {
      taken--;
      first = line.peekFirst();
    }
    tell(first);
  }

  /**
   * A part needs no turn now, and leaves the line. Never called under the lock of a part either.
   */
  void forget(User user) {
    User first;
    synchronized (this) {
      if (!line.remove(user)) {
        return;
      }
      first = line.peekFirst();
    }
    tell(first);
  }

  private static void tell(@Nullable User first) {
    if (first != null) {
      first.turnFreed();
    }
  }
}

package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Timing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Gives routes only a share of a busy processor while senders wait for it: GitHub waits ten seconds
 * and never sends again, but a route can wait all night.
 *
 * <p>The share is of all processors and of all routes together. An attempt is charged with what it
 * used on the thread that it began on, after it has ended there, so one that is long is made up for
 * by a longer pause. Nobody waits in here: who may not begin stands in line, and is told when to
 * try again.
 *
 * <p>Safe for use by many threads.
 */
public final class RouteShare {
  /** How long senders count as waiting after that was last said. */
  static final long WAITING_MILLIS = 200;

  /** How often the processor is looked at. */
  static final long LOOK_MILLIS = 50;

  /** Routes work for a while, then pause for so long, so that attempts do not begin one by one. */
  static final long PAUSE_MILLIS = 10;

  /** What is not used up within this time is lost. */
  private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Nothing is charged, since nobody waits. */
  static final long FREE = -1;

  private final int percent;
  private final int processors;
  private final Timing timing;
  private final Set<User> line = new LinkedHashSet<>();

  private long looked;
  private volatile boolean limited;
  private volatile long limitedUntil;

  /** Nanoseconds of processor time that may be used; less than none after a long attempt. */
  private long left;

  private long filled;
  private boolean timed;

  /**
   * @param percent what routes get at the least, of each processor; 100 for no limit
   */
  public RouteShare(int percent, int processors, Timing timing) {
    this.percent = percent;
    this.processors = processors;
    this.timing = timing;
    this.looked = timing.nanos() - TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
  }

  /** A subscription that would begin an attempt. */
  public interface User {
    /** It may try again. */
    void mayBegin();
  }

  /** Says that many senders wait at this moment. */
  public void sendersWait() {
    if (percent >= 100) {
      return;
    }
    long now = timing.nanos();
    synchronized (this) {
      if (now - looked < TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
        return;
      }
      looked = now;
      if (!timing.isProcessorBusy()) {
        limited = false; // they wait for something else
        return;
      }
      if (!isLimited(now)) {
        left = 0;
        filled = now;
      }
      limitedUntil = now + TimeUnit.MILLISECONDS.toNanos(WAITING_MILLIS);
      limited = true;
    }
  }

  /** Whether an attempt may begin; if not, the user is told when to ask again. */
  boolean mayBegin(User user) {
    if (!limited) {
      return true;
    }
    synchronized (this) {
      long now = timing.nanos();
      if (!isLimited(now)) {
        limited = false;
        return true;
      }
      long filledUp = left + (now - filled) * percent * processors / 100;
      left = Math.min(filledUp, SAVED_NANOS * percent * processors / 100);
      filled = now;
      if (left > 0) {
        return true;
      }
      line.add(user);
      if (!timed) {
        timed = true;
        long missing = -left * 100 / percent / processors;
        long pause = Math.max(TimeUnit.NANOSECONDS.toMillis(missing) + 1, PAUSE_MILLIS);
        timing.later(Math.min(pause, WAITING_MILLIS), this::tellThoseInLine);
      }
      return false;
    }
  }

  /** An attempt begins on this thread; returns what to {@link #end} it with. */
  long begin() {
    return limited ? timing.threadNanos() : FREE;
  }

  /** The attempt has ended as far as this thread is concerned. */
  void end(long begun) {
    if (begun != FREE) {
      long used = timing.threadNanos() - begun;
      synchronized (this) {
        left -= used;
      }
    }
  }

  private boolean isLimited(long now) {
    return limited && now - limitedUntil < 0;
  }

  /** Never under a lock: a user has one of its own, and takes this one under it. */
  private void tellThoseInLine() {
    List<User> waiting;
    synchronized (this) {
      timed = false;
      waiting = List.copyOf(line);
      line.clear();
    }
    waiting.forEach(User::mayBegin);
  }
}

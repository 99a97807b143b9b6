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
 * <p>All routes together get the share, of all processors. An attempt is charged, when it leaves
 * the thread that it began on, with what it used there; a longer pause makes up for a long one.
 * While code is new, the compilers' time is charged as well, since running it is what it is
 * compiled for, but half of the share remains for attempts. No thread waits here: a subscription
 * that may not begin stands in line, and is told when to try again.
 *
 * <p>Safe for use by many threads.
 */
public final class RouteShare {
  /** How long senders count as waiting after {@link #sendersWait}. */
  static final long WAITING_MILLIS = 200;

  /** How often the processor is looked at. */
  static final long LOOK_MILLIS = 50;

  /** The shortest pause: routes work for a while and then rest, rather than begin one by one. */
  static final long PAUSE_MILLIS = 10;

  /** The share of this time can be saved up; more is lost. */
  private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * A compiler tells when it is done, which may be after a second; what is owed longer is dropped.
   */
  private static final long MOST_OWED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Looks may be twice as far apart as they should be. */
  private static final long MOST_PAID_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * LOOK_MILLIS);

  /** Nothing will be charged, since nobody waits. */
  static final long FREE = -1;

  private final int percent;
  private final int processors;
  private final Timing timing;
  private final Set<User> line = new LinkedHashSet<>();

  private volatile boolean sendersWait;
  private volatile long waited;
  private long looked;

  /** How long Java's compilers had worked then. */
  private long compiling;

  /** Nanoseconds that they have worked meanwhile, and that are not charged yet. */
  private long owed;

  private boolean looking;
  private volatile boolean limited;

  /** Nanoseconds of processor time that may be used; less than none after a long attempt. */
  private long left;

  private long filled;
  private boolean timed;

  /**
   * @param percent the least that routes get of each processor; 100 for no limit
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

  /** Many senders are waiting at this moment. Returns at once: a request's thread calls it. */
  public void sendersWait() {
    if (percent < 100) {
      waited = timing.nanos();
      sendersWait = true;
    }
  }

  /** Whether an attempt may begin; if not, the user is told when to ask again. */
  boolean mayBegin(User user) {
    if (!sendersWait) {
      return true;
    }
    synchronized (this) {
      long now = timing.nanos();
      keepLooking(now);
      if (!limited) {
        return true;
      }
      left = Math.min(left + shareOf(now - filled), shareOf(SAVED_NANOS));
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

  private long shareOf(long nanos) {
    return nanos * percent * processors / 100;
  }

  /** An attempt begins on this thread; returns what to give to {@link #end}. */
  long begin() {
    return limited ? timing.threadNanos() : FREE;
  }

  /** The attempt leaves this thread. */
  void end(long begun) {
    if (begun != FREE) {
      long used = timing.threadNanos() - begun;
      synchronized (this) {
        left -= used;
      }
    }
  }

  /**
   * Has the processor looked at now and then while senders wait. Only where an attempt would begin:
   * without a route there is no need. And not on this thread, nor under a lock, since a look reads
   * several files of the system: the log asks between two commits.
   */
  private void keepLooking(long now) {
    if (now - waited >= TimeUnit.MILLISECONDS.toNanos(WAITING_MILLIS)) {
      sendersWait = false;
      limited = false;
    } else if (!looking && now - looked >= TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
      looking = true;
      timing.later(0, this::look);
    }
  }

  private void look() {
    boolean busy = timing.isProcessorBusy(); // if not, they wait for something else
    long compilingUntilNow = timing.compilingNanos();
    synchronized (this) {
      looking = false;
      long now = timing.nanos();
      if (limited) {
        owed = Math.min(owed + compilingUntilNow - compiling, MOST_OWED_NANOS);
        // Of a longer time, in which no attempt was to begin, the share is lost anyway.
        long paid = Math.min(owed, shareOf(Math.min(now - looked, MOST_PAID_FOR_NANOS)) / 2);
        owed -= paid;
        left -= paid;
      } else if (busy) {
        owed = 0;
        left = 0;
        filled = now;
      }
      looked = now;
      compiling = compilingUntilNow;
      limited = busy && sendersWait; // else all would be charged until they wait again
    }
  }

  /** Never called under this lock: a user takes it while holding its own. */
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

package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.dispatch.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the memory of large bodies that routes work on at once. No thread waits here: a
 * subscription that gets none stands in line, and is told when to try again. Small bodies pass
 * freely; there are never more of them than concurrent attempts.
 *
 * <p>One subscription gets half of it, or one larger body. What it has held for a minute counts
 * against it alone: a route that hangs does not keep memory from others. So the bound is this
 * memory and, for each route that hangs, half of it or one body more.
 *
 * <p>Safe for use by many threads.
 */
public final class RouteMemory {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.subscription");

  public static final long LONG_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private static final int UNIT = 1024;
  private static final int SMALL = 256 * UNIT;

  private final int units;
  private final Timing timing;
  private final List<Hold> holds = new ArrayList<>();

  /** What each in line wants, first come first served. */
  private final Map<User, Integer> line = new LinkedHashMap<>();

  private boolean timed;

  /**
   * @param bytes for all large bodies together; a body larger than that takes all of it
   */
  public RouteMemory(long bytes, Timing timing) {
    this.units = Math.max(1, (int) Math.min(bytes / UNIT, Integer.MAX_VALUE));
    this.timing = timing;
  }

  /** A subscription, whose attempts need memory. */
  public interface User {
    String name();

    /** Memory was given back: it may try again. */
    void memoryFreed();
  }

  /** Memory for one body, until it is given back. */
  public static final class Hold {
    private final User user;
    private final int units;
    private final long since;
    private boolean counts = true;

    private Hold(User user, int units, long since) {
      this.user = user;
      this.units = units;
      this.since = since;
    }
  }

  /** Whether a body passes freely. */
  static boolean isSmall(int length) {
    return length <= SMALL;
  }

  /** Takes memory for a body; null when there is too little now. */
  synchronized @Nullable Hold take(User user, int length) {
    int wanted = length <= SMALL ? 0 : Math.min(units, length / UNIT);
    Hold hold = new Hold(user, wanted, timing.nanos());
    if (wanted == 0) {
      return hold;
    }
    int own = holds.stream().filter(held -> held.user == user).mapToInt(held -> held.units).sum();
    if (own > 0 && own + wanted > units / 2) {
      return null; // it is told when one of its own attempts ends
    }
    if (counted() + ahead(user) + wanted > units) {
      line.putIfAbsent(user, wanted);
      lookAgainLater();
      return null;
    }
    line.remove(user);
    holds.add(hold);
    return hold;
  }

  /** Gives memory back; does nothing the second time. */
  void giveBack(Hold hold) {
    if (hold.units > 0) {
      synchronized (this) {
        holds.remove(hold);
      }
      tellThoseInLine();
    }
  }

  /** The user no longer wants any, at least for now. */
  synchronized void forget(User user) {
    if (line.remove(user) != null && !line.isEmpty()) {
      timing.later(0, this::tellThoseInLine);
    }
  }

  /** Never called under this lock: a user takes it while holding its own. */
  private void tellThoseInLine() {
    List<User> waiting;
    synchronized (this) {
      waiting = List.copyOf(line.keySet());
    }
    waiting.forEach(User::memoryFreed);
  }

  /** What counts against all: nothing does for longer than a minute. */
  private int counted() {
    int counted = 0;
    for (Hold hold : holds) {
      if (hold.counts && timing.nanos() - hold.since >= LONG_MILLIS * 1_000_000) {
        hold.counts = false;
        LOG.warn(
            "Subscription \"{}\" has been working on a large payload for over a minute. The memory for it ({} KiB) counts against that route alone from now on, so that the others can continue.",
            hold.user.name(),
            hold.units);
      }
      counted += hold.counts ? hold.units : 0;
    }
    return counted;
  }

  private long ahead(User user) {
    long ahead = 0;
    for (Map.Entry<User, Integer> waiting : line.entrySet()) {
      if (waiting.getKey() == user) {
        break;
      }
      ahead += waiting.getValue();
    }
    return ahead;
  }

  private void lookAgainLater() {
    if (!timed) {
      timed = true;
      timing.later(
          LONG_MILLIS,
          () -> {
            synchronized (this) {
              timed = false;
            }
            tellThoseInLine();
          });
    }
  }
}

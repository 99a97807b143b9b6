package dev.caravan.ingress.memory;

import dev.caravan.ingress.request.Answer;
import java.util.Comparator;

/**
 * What one arriving body holds of a {@link ByteBudget}, and what it waits for. Read and changed
 * only by the budget, under its lock.
 */
public final class BodyShare {
  /** The reader of that body. Called by any thread, never under the budget's lock. */
  public interface Owner {
    /** How many bytes have arrived; by any thread. */
    long arrived();

    /** The bytes it waited for are its own now. */
    void granted(long bytes);

    /** It must give up, with that answer. */
    void giveWay(Answer answer);
  }

  /**
   * By the bytes that the peer would then hold, fewest first: a peer that holds much waits for
   * others.
   */
  static final Comparator<BodyShare> ORDER =
      Comparator.<BodyShare>comparingLong(share -> share.rank).thenComparingLong(s -> s.number);

  /** Up to this size, bodies count as equal: the oldest of them is the slowest. */
  static final int SMALL = 256 * 1024;

  final Owner owner;
  final Object peer;
  final long most;
  private final long expected;
  private final long time;
  private long since;

  long held;
  long wanted;
  long heldWhileWaiting;
  long rank;
  long number;
  boolean isGivingWay;
  private long waitingSince;

  /**
   * @param peer who sends it
   * @param most the most it will take of the budget
   * @param expected how many bytes should arrive
   * @param time how long they may take, in nanoseconds
   * @param since when it began to arrive, as {@link System#nanoTime}
   */
  public BodyShare(Owner owner, Object peer, long most, long expected, long time, long since) {
    this.owner = owner;
    this.peer = peer;
    this.most = most;
    this.expected = expected;
    this.time = time;
    this.since = since;
  }

  boolean isWaiting() {
    return wanted > 0;
  }

  /** It waits from now on, and its clock stands still. */
  void waits(long bytes, long now) {
    wanted = bytes;
    waitingSince = now;
  }

  void waitsNoMore(long now) {
    wanted = 0;
    since += now - waitingSince;
  }

  /** How much more it may take. */
  long remaining() {
    return most - held;
  }

  /**
   * Whether it has taken longer than a moment plus the time allowed for the part that has arrived.
   */
  boolean isSlow(long now, long moment) {
    return age(now) > moment + (double) time * owner.arrived() / expected;
  }

  /** Bytes per nanosecond; a small body counts as {@link #SMALL} bytes. */
  double pace(long now) {
    return (double) Math.max(owner.arrived(), SMALL) / Math.max(1, age(now));
  }

  private long age(long now) {
    return (isWaiting() ? waitingSince : now) - since;
  }
}

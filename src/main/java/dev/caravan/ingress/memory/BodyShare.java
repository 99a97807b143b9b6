package dev.caravan.ingress.memory;

import dev.caravan.ingress.request.Answer;
import java.util.Comparator;

/**
 * What one body that is still arriving has from a {@link ByteBudget}, and what it waits for. Read
 * and changed only by the budget, under its lock.
 */
public final class BodyShare {
  /** The reader of that body. Told of things by any thread, and not under the budget's lock. */
  public interface Owner {
    /** How many bytes have arrived; by any thread. */
    long arrived();

    /** What it waited for has been taken on its behalf. */
    void granted(long bytes);

    /** It is to give way, with that answer. */
    void giveWay(Answer answer);
  }

  /**
   * Ordered by what the peer would then have, smallest first: so a peer with much waits for others.
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
   * @param most the most it will have of the budget
   * @param expected how many bytes are to arrive
   * @param time how long they may take
   * @param since when it began to arrive
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

  /** Its clock stands still from then on. */
  void waits(long bytes, long now) {
    wanted = bytes;
    waitingSince = now;
  }

  void waitsNoMore(long now) {
    wanted = 0;
    since += now - waitingSince;
  }

  /** What is still to come when it gets what it may have. */
  long remaining() {
    return most - held;
  }

  /**
   * Whether it takes longer than it should: a moment, and its part of the time for what has
   * arrived.
   */
  boolean isSlow(long now, long moment) {
    return age(now) > moment + (double) time * owner.arrived() / expected;
  }

  /** Bytes a nanosecond; a small body counts as one of {@link #SMALL}. */
  double pace(long now) {
    return (double) Math.max(owner.arrived(), SMALL) / Math.max(1, age(now));
  }

  private long age(long now) {
    return (isWaiting() ? waitingSince : now) - since;
  }
}

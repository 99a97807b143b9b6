package dev.caravan.ingress.memory;

/**
 * The memory for bodies, in two halves: one for bodies up to 256 KiB, one for larger ones.
 *
 * <p>Events are nearly all small. A few clients that send large bodies must not make them wait; so
 * the two kinds stand in separate lines. A large one is in the small half too until that much of it
 * has arrived.
 */
public record BodyBudgets(ByteBudget small, ByteBudget large) {
  /** The most a body in the small half may have; also what an event loop handles itself. */
  public static final int SMALL = BodyShare.SMALL;

  /** While a body is compressed for the log, it is there twice. */
  static final int COPIES = 2;

  public static BodyBudgets of(long bytes) {
    return new BodyBudgets(new ByteBudget(bytes / 2), new ByteBudget(bytes - bytes / 2));
  }

  /** How much of a budget that many bytes take: at most all of it. */
  public long cost(ByteBudget budget, long length) {
    return Math.min(length * COPIES, budget.total());
  }

  public ByteBudget forBody(long length) {
    return length <= SMALL ? small : large;
  }
}

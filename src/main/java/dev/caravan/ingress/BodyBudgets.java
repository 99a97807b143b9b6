package dev.caravan.ingress;

/**
 * The memory for bodies, in two halves: one for bodies up to 256 KiB, one for larger ones.
 *
 * <p>Events are nearly all small. A few clients that send large bodies must not make them wait; so
 * the two kinds stand in separate lines. A large one is in the small half too until so much of it
 * has arrived.
 */
record BodyBudgets(ByteBudget small, ByteBudget large) {
  /** The most a body in the small half may have; also what an event loop handles itself. */
  static final int SMALL = BodyShare.SMALL;

  /** While a body is compressed for the log, it is there twice. */
  static final int COPIES = 2;

  static BodyBudgets of(long bytes) {
    return new BodyBudgets(new ByteBudget(bytes / 2), new ByteBudget(bytes - bytes / 2));
  }

  /** What memory for so many bytes takes of a budget: at most all of it. */
  long cost(ByteBudget budget, long length) {
    return Math.min(length * COPIES, budget.total());
  }

  ByteBudget forBody(long length) {
    return length <= SMALL ? small : large;
  }
}

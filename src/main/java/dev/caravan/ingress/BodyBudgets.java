package dev.caravan.ingress;

/**
 * The memory for bodies, in two halves: one for bodies up to 256 KiB, one for larger ones.
 *
 * <p>Events are nearly all small. A few clients that send large bodies, or claim that they will,
 * must not make them wait; so the two kinds stand in separate lines.
 */
record BodyBudgets(ByteBudget small, ByteBudget large) {
  /** The most a body in the small half may have; also what an event loop handles itself. */
  static final int SMALL = 256 * 1024;

  /** While a body is compressed for the log, it is there twice. */
  static final int COPIES = 2;

  static BodyBudgets of(long bytes) {
    return new BodyBudgets(new ByteBudget(bytes / 2), new ByteBudget(bytes - bytes / 2));
  }

  ByteBudget forBody(long length) {
    return length <= SMALL ? small : large;
  }
}

package dev.caravan.ingress.memory;

/**
 * The memory for bodies, in two halves: one for bodies up to 256 KiB, one for larger ones.
 *
 * <p>Nearly all events are small. A few clients with large bodies must not make them wait, so the
 * two kinds stand in separate lines. A large body, too, is in the small half until that much of it
 * has arrived.
 */
public record BodyBudgets(ByteBudget small, ByteBudget large) {
  /**
   * The largest body, in bytes, that is in the small half and that an event loop handles itself.
   */
  public static final int SMALL = BodyShare.SMALL;

  /** A body exists twice while it is compressed for the log. */
  static final int COPIES = 2;

  public static BodyBudgets of(long bytes) {
    return new BodyBudgets(new ByteBudget(bytes / 2), new ByteBudget(bytes - bytes / 2));
  }

  /** How much of a budget a body of that length takes: at most all of it. */
  public long cost(ByteBudget budget, long length) {
    return Math.min(length * COPIES, budget.total());
  }

  public ByteBudget forBody(long length) {
    return length <= SMALL ? small : large;
  }
}

package dev.caravan.log.dispatch;

/**
 * A delivery that a subscription has run to its end.
 *
 * @param endedAt milliseconds since 1970
 */
public record Run(long position, long endedAt) {
  /** There is none. */
  public static final Run NONE = new Run(Long.MIN_VALUE, Long.MIN_VALUE);

  Run newer(Run other) {
    return other.position > position ? other : this;
  }
}

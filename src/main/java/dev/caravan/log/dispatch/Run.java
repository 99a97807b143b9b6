package dev.caravan.log.dispatch;

/**
 * A delivery that a subscription has run to its end.
 *
 * @param endedAt milliseconds since 1970
 */
public record Run(long position, long endedAt) {
  /** There is none. */
  public static final Run NONE = new Run(Long.MIN_VALUE, Long.MIN_VALUE);

  /** The one of the two that is newer; of the same delivery, what ended last. */
  public Run newer(Run other) {
    boolean isNewer =
        other.position == position ? other.endedAt > endedAt : other.position > position;
    return isNewer ? other : this;
  }
}

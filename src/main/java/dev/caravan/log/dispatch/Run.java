package dev.caravan.log.dispatch;

/**
 * A delivery that a subscription has run to its end.
 *
 * @param endedAt milliseconds since 1970
 */
public record Run(long position, long endedAt) {
  /** None, older than any. */
  public static final Run NONE = new Run(Long.MIN_VALUE, Long.MIN_VALUE);

  /** The newer of the two; for the same delivery, the one that ended last. */
  public Run newer(Run other) {
    boolean isNewer =
        other.position == position ? other.endedAt > endedAt : other.position > position;
    return isNewer ? other : this;
  }
}

package dev.caravan.log.dispatch;

/** What a subscription had yet to run is no longer kept. */
public final class ExpiredException extends RuntimeException {
  /** The reason, for logs and dead letters. */
  public static final String REASON =
      "it was not finished before its body went (caravan.retention.age, caravan.retention.size)";

  private static final long serialVersionUID = 1L;

  private final boolean isDeadLetter;

  /**
   * @param isDeadLetter whether that has made it a dead letter already
   */
  public ExpiredException(boolean isDeadLetter) {
    super(REASON);
    this.isDeadLetter = isDeadLetter;
  }

  /** Whether it is a dead letter already, counted and logged when its body was deleted. */
  public boolean isDeadLetter() {
    return isDeadLetter;
  }
}

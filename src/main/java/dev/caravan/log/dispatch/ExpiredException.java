package dev.caravan.log.dispatch;

/** What a subscription had yet to run is no longer kept. */
public final class ExpiredException extends RuntimeException {
  /** The reason, for logs and dead letters. */
  public static final String REASON =
      "it was not finished before its body went (caravan.retention.age, caravan.retention.size)";

  private static final long serialVersionUID = 1L;

  public ExpiredException() {
    super(REASON);
  }
}

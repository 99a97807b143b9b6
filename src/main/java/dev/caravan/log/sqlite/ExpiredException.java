package dev.caravan.log.sqlite;

/** What a subscription was to run is no longer kept. */
final class ExpiredException extends RuntimeException {
  static final String REASON =
      "it was not finished before its body went (caravan.retention.age, caravan.retention.size)";

  private static final long serialVersionUID = 1L;

  ExpiredException() {
    super(REASON);
  }
}

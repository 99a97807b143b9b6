package dev.caravan.log.sqlite;

/** What a subscription was to run is no longer kept. */
final class ExpiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExpiredException() {
    super("it was not finished before its body grew older than caravan.retention.age");
  }
}

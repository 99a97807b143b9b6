package dev.caravan.ingress;

/**
 * What a client gets: a status and one line of fixed text. Nothing a client sent is ever in it.
 *
 * @param retryAfter seconds to wait before another try, or 0 for an answer that says nothing of it
 */
record Answer(int status, String text, int retryAfter) {
  /** Long enough for a flush or a full disk to be dealt with, short enough to lose little time. */
  static final int RETRY_SECONDS = 10;

  static final Answer NOT_ALLOWED = new Answer(403, "This address may not call here");
  static final Answer NOT_FOUND = new Answer(404, "Not found");
  static final Answer ONLY_POST = new Answer(405, "Only POST is served here");
  static final Answer WRONG_TYPE =
      new Answer(415, "Content type must be application/json or application/x-www-form-urlencoded");
  static final Answer TOO_LARGE = new Answer(413, "Payload is too large");
  static final Answer WRONG_SIGNATURE = new Answer(403, "Invalid signature header");
  static final Answer TOO_SLOW = new Answer(408, "Body was not complete in time");
  static final Answer HEAD_TOO_LARGE = new Answer(431, "Too many header fields");
  static final Answer BUSY =
      new Answer(503, "Too many deliveries at once, send it again later", RETRY_SECONDS);
  static final Answer OVERDUE =
      new Answer(503, "The log does not write at the moment, send it again later", RETRY_SECONDS);
  static final Answer CLOSING =
      new Answer(503, "Shutting down, send it again later", RETRY_SECONDS);
  static final Answer NOT_STORED =
      new Answer(503, "Webhook could not be stored, send it again later", RETRY_SECONDS);

  Answer(int status, String text) {
    this(status, text, 0);
  }
}

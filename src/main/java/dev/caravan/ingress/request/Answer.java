package dev.caravan.ingress.request;

import org.jspecify.annotations.Nullable;

/**
 * What a client gets: a status and one line of fixed text, never anything that a client sent.
 *
 * @param retryAfter seconds to wait before another try, or 0 to say nothing about that
 * @param reason why the request was refused, or null when it was accepted
 */
public record Answer(int status, String text, int retryAfter, @Nullable RefusalReason reason) {
  /** Long enough to deal with a slow flush or a full disk, short enough to lose little time. */
  private static final int RETRY_SECONDS = 10;

  /** For health checks: says no more than that. */
  public static final Answer UP = new Answer(200, "up", null);

  public static final Answer DOWN = new Answer(503, "down", null);

  public static final Answer NOT_ALLOWED =
      new Answer(403, "This address may not call here", RefusalReason.ADDRESS);
  public static final Answer NOT_FOUND = new Answer(404, "Not found", RefusalReason.PATH);
  public static final Answer ONLY_POST =
      new Answer(405, "Only POST is served here", RefusalReason.METHOD);
  public static final Answer WRONG_TYPE =
      new Answer(
          415,
          "Content type must be application/json or application/x-www-form-urlencoded",
          RefusalReason.CONTENT_TYPE);
  public static final Answer TOO_LARGE =
      new Answer(413, "Payload is too large", RefusalReason.TOO_LARGE);

  /** The one answer to any fault of a signature: no hint for a guesser. */
  public static final Answer WRONG_SIGNATURE =
      new Answer(403, "Invalid signature header", RefusalReason.SIGNATURE);

  public static final Answer TOO_SLOW =
      new Answer(408, "Body was not complete in time", RefusalReason.TOO_SLOW);
  public static final Answer HEAD_TOO_LARGE =
      new Answer(431, "Too many header fields", RefusalReason.MALFORMED);
  public static final Answer BUSY = later("Too many deliveries at once", RefusalReason.BUSY);
  public static final Answer OVERDUE =
      later("The log cannot be written at the moment", RefusalReason.NOT_STORED);
  public static final Answer CLOSING = later("Shutting down", RefusalReason.STOPPING);
  public static final Answer NOT_STORED =
      later("Webhook could not be stored", RefusalReason.NOT_STORED);

  public Answer(int status, String text, @Nullable RefusalReason reason) {
    this(status, text, 0, reason);
  }

  /** Whether it is about a delivery, and counts; answers to health checks do not. */
  public boolean isCounted() {
    return !equals(UP) && !equals(DOWN);
  }

  /** The answer to a request that may be sent again as it is. */
  private static Answer later(String why, RefusalReason reason) {
    return new Answer(503, why + ", send it again later", RETRY_SECONDS, reason);
  }
}

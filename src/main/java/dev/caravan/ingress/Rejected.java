package dev.caravan.ingress;

/**
 * A request that the client must not send again as it is.
 *
 * <p>Its sentence is the answer's body, so it never repeats what the client sent. It is not a fault
 * of ours and is thrown often, hence no stack trace.
 */
final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Rejected(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  /** The one answer to whatever is wrong with a signature: no hint for who guesses. */
  static Rejected signature() {
    return new Rejected(403, "Invalid signature header");
  }

  Answer answer() {
    return new Answer(status, sentence());
  }

  private String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}

package dev.caravan.delivery;

/**
 * A payload that GitHub would not have sent. Its message may be sent to the sender: it never
 * repeats anything from the payload.
 *
 * <p>It is not a fault of the program and is thrown often, hence no stack trace.
 */
public final class InvalidPayloadException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidPayloadException(String sentence) {
    super(sentence);
  }

  /** Not useful: what is wrong is in the payload. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  /** What is wrong with it. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

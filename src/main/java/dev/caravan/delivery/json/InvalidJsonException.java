package dev.caravan.delivery.json;

/**
 * What was passed over is not JSON, or more than can be read. Its message is the end of a sentence,
 * and repeats nothing of the text.
 *
 * <p>It is no fault of the program and is thrown often, hence no stack trace.
 */
public final class InvalidJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidJsonException(String what) {
    super(what, null, false, false);
  }

  static InvalidJsonException notJson() {
    return new InvalidJsonException("is not valid JSON");
  }
}

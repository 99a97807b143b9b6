package dev.caravan.delivery.json;

/**
 * A text is not JSON, is nested too deep, or has a number that is too long. The message is the end
 * of a sentence whose subject is the text, and repeats nothing of it.
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

package dev.caravan.config;

/** A setting that cannot be used. The message names the key and says what to write. */
public final class InvalidSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidSettingException(String message) {
    super(message);
  }
}

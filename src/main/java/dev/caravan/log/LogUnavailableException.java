package dev.caravan.log;

/** The log cannot be written or read at the moment, for instance because the disk is full. */
public final class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isForGood;

  public LogUnavailableException(String message) {
    super(message);
    this.isForGood = false;
  }

  public LogUnavailableException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /**
   * Also says whether it is worth asking again.
   *
   * @param isForGood whether the log works but will never accept this delivery
   */
  public LogUnavailableException(String message, Throwable cause, boolean isForGood) {
    super(message, cause);
    this.isForGood = isForGood;
  }

  /** Whether asking again would not help. */
  public boolean isForGood() {
    return isForGood;
  }
}

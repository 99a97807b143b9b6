package dev.caravan.management;

/** A request that is answered with an error. The message is the sentence its sender sees. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Says what is wrong.
   *
   * @param status of the HTTP answer
   */
  public RefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status of the HTTP answer. */
  public int status() {
    return status;
  }
}
